import type { DrawnForward, DrawnHost, DrawnHypervisor, DrawnServer, Picture } from "./model";
import { element, escaped, line, style } from "./svg";

const WIDTH = 1080;
const LEFT = { x: 20, width: 400 };
const RIGHT = { x: 540, width: 520 };
const ROW = 18;
const GAP = 20;

/** The drawing, from the left: the server, the tunnels, the hosts. */
export function draw(pictures: readonly Picture[]): string {
    let y = 0;
    const parts = pictures.map((picture) => {
        const drawn = site(picture, y);
        y = drawn.end;
        return drawn.text;
    });
    const names = pictures.map(({ title }) => title).join(", ");
    const hosts = pictures.flatMap((picture) => picture.hosts.flatMap(({ hypervisors }) => hypervisors));
    const about = hosts.map(({ id, status }) => `${id}: ${status}`).join("; ") || "no hypervisor";
    const page = element("rect", { class: "page", width: WIDTH, height: y });
    const svg = { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${y}`, role: "img" };
    const head = [
        element("title", {}, escaped(names)),
        element("desc", {}, escaped(about)),
        element("style", {}, style),
    ];
    return `${element("svg", svg, "\n", [...head, page, ...parts].join("\n"), "\n")}\n`;
}

function site({ title, server, hosts }: Picture, top: number): { text: string; end: number } {
    const heading = line(LEFT.x, top + 32, WIDTH - 40, title, "name");
    const first = top + 50;
    const left = server ? serverBox(server, first) : { text: "", height: 0 };
    let y = first;
    const drawn = hosts.map((host) => {
        const box = hostBox(host, y);
        const middle = y + 34;
        y += box.height + GAP;
        return server ? `${tunnelTo(host, middle, first + 34)}\n${box.text}` : box.text;
    });
    return {
        text: [heading, left.text, ...drawn].filter(Boolean).join("\n"),
        end: Math.max(y, first + left.height + GAP),
    };
}

function serverBox({ name, forwards, video, settings }: DrawnServer, top: number): { text: string; height: number } {
    const rows = [
        ...forwardRows(forwards),
        ...(video.length > 0 ? ["video proxy lets through:", ...video.map((each) => `– ${each}`)] : []),
        ...(settings.length > 0 ? ["isardvdi.cfg:", ...settings.map((each) => `– ${each}`)] : []),
    ];
    const height = 44 + Math.max(rows.length, 1) * ROW;
    return {
        height,
        text: [
            element("rect", { class: "machine", x: LEFT.x, y: top, width: LEFT.width, height, rx: 8 }),
            line(LEFT.x + 14, top + 26, LEFT.width - 28, `server ${name}`, "name"),
            ...rows.map((row, index) => line(LEFT.x + 14, top + 48 + index * ROW, LEFT.width - 28, row)),
        ].join("\n"),
    };
}

function hostBox({ name, hypervisors, forwards }: DrawnHost, top: number): { text: string; height: number } {
    const rows = forwardRows(forwards);
    const inner = hypervisors.map((each, index) => hypervisorBox(each, top + 40 + index * 66));
    const below = top + 40 + hypervisors.length * 66;
    const height = 48 + hypervisors.length * 66 + rows.length * ROW;
    return {
        height,
        text: [
            element("rect", { class: "machine", x: RIGHT.x, y: top, width: RIGHT.width, height, rx: 8 }),
            line(RIGHT.x + 14, top + 26, RIGHT.width - 28, `host ${name}`, "name"),
            ...inner,
            ...rows.map((row, index) => line(RIGHT.x + 14, below + 14 + index * ROW, RIGHT.width - 28, row)),
        ].join("\n"),
    };
}

const forwardRows = (forwards: readonly DrawnForward[]): string[] =>
    forwards.map(({ text, verified }) => `${verified ? "✓" : "·"} ${text}`);

/** Status by word, by sign and by colour. */
function hypervisorBox({ id, flavour, status, detail, enabled, tunnel }: DrawnHypervisor, top: number): string {
    const [sign, kind] = !enabled ? ["○", "idle"] : status === "Online" ? ["●", "good"] : ["✖", "bad"];
    const said = `${id}: ${status}${enabled ? "" : ", disabled"}${detail ? `, ${detail}` : ""}`;
    const [x, width] = [RIGHT.x + 14, RIGHT.width - 28];
    return [
        element("rect", { class: "inner", x, y: top, width, height: 56, rx: 5 }),
        element("text", { x: x + 10, y: top + 23, class: `name ${kind}` }, escaped(sign)),
        line(x + 30, top + 23, width - 44, said, "name"),
        line(x + 30, top + 44, width - 44, `${flavour}${tunnel ? ` · ${tunnel}` : ""}`, "small"),
    ].join("\n");
}

/** Dashed where it is not connected. */
function tunnelTo({ hypervisors }: DrawnHost, y: number, from: number): string {
    if (hypervisors.length === 0) return "";
    const isUp = hypervisors.every(({ tunnel }) => /(^|, )connected$/.test(tunnel));
    const [start, end, bend] = [LEFT.x + LEFT.width, RIGHT.x, (LEFT.x + LEFT.width + RIGHT.x) / 2];
    const path = `M${start} ${from} C${bend} ${from} ${bend} ${y} ${end} ${y}`;
    return element("path", { class: isUp ? "tunnel" : "tunnel broken", d: path });
}
