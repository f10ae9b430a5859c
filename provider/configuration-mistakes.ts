import { type ErrorCode, IsardvdiError } from "./errors";

export const pathFlag = (key: string): string => (key.includes(".") ? `--path '${key}'` : key);

/** A key of the configuration that cannot be used; what it holds is never shown unless the caller puts it there. */
export function bad(key: string, seen: string, advice: string, code: ErrorCode = "bad-configuration"): IsardvdiError {
    return new IsardvdiError({
        code,
        action: "use",
        resource: "the configuration",
        seen: `${key} ${seen}`,
        advice: `${advice}.`,
        property: key,
    });
}
