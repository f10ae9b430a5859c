/** A part of a script's answer, begun by a line "==NAME WORDS". */
export interface Section {
    name: string;
    words: string[];
    text: string;
}

export function sectionsOf(stdout: string): Section[] {
    const sections: (Omit<Section, "text"> & { lines: string[] })[] = [];
    for (const line of stdout.split("\n")) {
        if (line.startsWith("==")) {
            const [name = "", ...words] = line.slice(2).trim().split(" ");
            sections.push({ name, words, lines: [] });
        } else {
            sections.at(-1)?.lines.push(line);
        }
    }
    return sections.map(({ lines, ...section }) => ({ ...section, text: lines.join("\n").trim() }));
}
