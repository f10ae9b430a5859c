/** Far more than any program needs, and far less than what exhausts a stack. */
const deepest = 100;

/** Why a value cannot be walked through and kept as it is, if so: level by level, for the walk itself must not end. */
export function unfit(value: unknown): string | undefined {
    let level: unknown[] = [value];
    for (let depth = 0; level.length > 0; depth++) {
        if (depth > deepest) return `is nested more than ${deepest} deep. Use fewer levels`;
        const objects = level.filter((each) => typeof each === "object" && each !== null);
        if (objects.some((each) => Object.hasOwn(each, "__proto__")))
            return "has the key __proto__, which gets lost. Use another";
        level = objects.flatMap((each): unknown[] => Object.values(each));
    }
    return undefined;
}
