/** One answer of a probe script: what a command printed, and its exit code (124: it took too long). */
export interface Section {
    code: number;
    text: string;
}

export type Sections = ReadonlyMap<string, Section>;

/** Takes apart what a probe script prints: "==NAME CODE", then the lines, each behind a blank. */
export function sectionsOf(output: string): Sections {
    const sections = new Map<string, Section>();
    let current: { name: string; code: number; lines: string[] } | undefined;
    const close = (): void => {
        if (current) sections.set(current.name, { code: current.code, text: current.lines.join("\n") });
    };
    for (const line of output.split("\n")) {
        const head = /^==([\w-]+) (\d+)$/.exec(line);
        if (head) {
            close();
            current = { name: head[1] ?? "", code: Number(head[2]), lines: [] };
        } else if (line.startsWith(" ")) current?.lines.push(line.slice(1));
    }
    close();
    return sections;
}

/** What the command printed; undefined where it failed or took too long. */
export function textOf(sections: Sections, name: string): string | undefined {
    const section = sections.get(name);
    return section?.code === 0 ? section.text : undefined;
}

export const linesOf = (text: string | undefined): string[] =>
    (text ?? "").split("\n").filter((line) => line.trim() !== "");
