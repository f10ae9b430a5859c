/** Whether a release such as "v16.10.3" is at least `major`.`minor`; an unnamed development build is the newest. */
export function atLeast(release: string, major: number, minor: number): boolean {
    const [own, below] = release.replace(/^v/, "").split(".").map(Number);
    if (own === undefined || !Number.isFinite(own) || release === "") return true;
    return own > major || (own === major && (below ?? 0) >= minor);
}
