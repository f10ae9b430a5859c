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
            // the kernel knows no longer name of a table
            const [name = "", ...words] = line
                .slice(2, 1000)
                .trim()
                .split(" ")
                .map((word) => word.slice(0, 256));
            sections.push({ name, words, lines: [] });
        } else {
            sections.at(-1)?.lines.push(line);
        }
    }
    return sections.map(({ lines, ...section }) => ({ ...section, text: lines.join("\n").trim() }));
}
