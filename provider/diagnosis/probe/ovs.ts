/** Names of the ports in what `ovs-vsctl show` prints. */
export function portsOf(text: string): string[] {
    return [...text.matchAll(/^ *Port "?([^"\s]+)"?$/gm)].map(([, name]) => name ?? "");
}

/** The lines that tell of an error: of a port that could not be made, for one. */
export const errorsOf = (text: string): string[] =>
    text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => /^error:/.test(line));

/** What hides an id: isard-vpn looks for it anywhere in this text, and takes a longer word for its port. */
export function hiddenBy(id: string, text: string, others: readonly string[]): string | undefined {
    const other = others.find((each) => each !== id && each.includes(id));
    if (other !== undefined) return other;
    return text.split(/[\s"=,{}]+/).find((word) => word !== id && word.includes(id));
}
