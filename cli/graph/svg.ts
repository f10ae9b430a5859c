import { printable } from "../../provider/printable";

/** One SVG element as text; what it holds is text already. */
export function element(name: string, attributes: Record<string, string | number>, ...inner: string[]): string {
    const all = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
    return inner.length === 0 ? `<${name}${all.join("")}/>` : `<${name}${all.join("")}>${inner.join("")}</${name}>`;
}

/** Text as XML holds it, printable; characters that it cannot hold at all are left out. */
export const escaped = (text: string): string =>
    [...printable(text)]
        .filter((each) => !/^[\ud800-\udfff\ufffe\uffff]$/.test(each))
        .join("")
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;");

/** A line of text, cut where the width ends; the whole of it is its tooltip then. */
export function line(
    x: number,
    y: number,
    width: number,
    text: string,
    kind: "name" | "text" | "small" = "text",
): string {
    const most = Math.floor(width / advance[kind]);
    const characters = [...text];
    const fits = characters.length <= most;
    const shown = fits ? text : `${characters.slice(0, most - 1).join("")}…`;
    const title = fits ? [] : [element("title", {}, escaped(text))];
    return element("text", { x, y, class: kind }, ...title, escaped(shown));
}

/** Width of a character, by kind of text: the font is monospaced. */
const advance = { name: 9, text: 7.3, small: 6.7 } as const;

export const style = `
text{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1b1f24}
.name{font-size:15px;font-weight:600}.text{font-size:12px}.small{font-size:11px;fill:#57606a}
.page{fill:#fff}.machine{fill:#f6f8fa;stroke:#57606a}.inner{fill:#fff;stroke:#8c959f}
.tunnel{stroke:#57606a;stroke-width:2;fill:none}.broken{stroke-dasharray:6 5}
.good{fill:#1a7f37}.bad{fill:#cf222e}.idle{fill:#9a6700}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.page{fill:#0d1117}.machine{fill:#161b22;stroke:#9198a1}
.inner{fill:#0d1117;stroke:#6e7681}.tunnel{stroke:#9198a1}.good{fill:#3fb950}.bad{fill:#f85149}.idle{fill:#d29922}}
`;
