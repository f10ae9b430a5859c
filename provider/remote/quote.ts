/** One word of a POSIX sh script, whatever the value holds; a NUL, which no shell can carry, is refused. */
export function shellQuote(value: string): string {
    if (value.includes("\0")) throw new Error("a NUL character cannot be part of a shell script");
    return `'${value.replaceAll("'", "'\\''")}'`;
}
