/** "==NAME WORDS" begins a section; of two with one name and one text both are kept, in order. */
export interface Section {
    name: string;
    words: string[];
    text: string;
}

export function sectionsOf(stdout: string): Section[] {
    const sections: Section[] = [];
    let lines: string[] = [];
    for (const line of stdout.split("\n")) {
        if (line.startsWith("==")) {
            const [name = "", ...words] = line.slice(2).trim().split(" ");
            lines = [];
            sections.push({ name, words, text: "" });
        } else {
            lines.push(line);
        }
        const last = sections.at(-1);
        if (last) last.text = lines.join("\n").trim();
    }
    return sections;
}
