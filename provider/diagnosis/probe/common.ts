import { bridgesInRules, bridgesOf } from "../../firewall/links";
import { redact } from "../redact";
import type { MachineFacts } from "../facts";
import { saveOf, type Saves } from "./packet";
import { linesOf, type Sections, textOf } from "./sections";
import { peersOf } from "./wireguard";

/** How long a line of evidence may be. */
const lineSize = 96;

/** What both machines told; `evidence` names the sections that are shown, by the command that printed them. */
export function machineFacts(sections: Sections, evidence: Readonly<Record<string, string>>): MachineFacts {
    const text = (name: string): string | undefined => textOf(sections, name);
    const wg = text("wg");
    const time = Number(text("date")?.trim() || NaN);
    return {
        time: Number.isFinite(time) ? time : undefined,
        containers: containersOf(text("containers")),
        saves: savesOf(sections),
        ovs: text("ovs"),
        peers: wg === undefined ? undefined : peersOf(wg),
        evidence: new Map(
            Object.entries(evidence).map(([name, command]) => [command, shown(sections.get(name)?.text)] as const),
        ),
    };
}

/** Lines that can be shown: without secrets, and none too long. */
export const shown = (text: string | undefined): string[] =>
    linesOf(redact(text ?? "")).map((line) => (line.length > lineSize ? `${line.slice(0, lineSize - 1)}…` : line));

function containersOf(text: string | undefined): ReadonlyMap<string, string> | undefined {
    if (text === undefined) return undefined;
    return new Map(
        linesOf(text).map((line) => {
            const [name = "", ...status] = line.trim().split(" ");
            return [name, status.join(" ")] as const;
        }),
    );
}

function savesOf(sections: Sections): Saves | undefined {
    const texts = ["nft", "legacy"]
        .flatMap((name) => textOf(sections, name) ?? [])
        .filter((text) => text.includes("*"));
    const firewalld = linesOf(textOf(sections, "firewalld"))
        .map((line) => line.trim().replace(/^forward-ports: /, ""))
        .flatMap((line) => (line.startsWith("rule ") ? [line] : line.split(" ")))
        .filter((line) => line.startsWith("port=") || line.includes("forward-port "));
    // no table at all is an answer; that nothing could be listed is none
    if (texts.length === 0 && textOf(sections, "nft") === undefined) return undefined;
    const saves = texts.map(saveOf);
    return {
        saves,
        firewalld,
        bridges: new Set([
            ...bridgesOf(textOf(sections, "networks") ?? ""),
            ...bridgesInRules(saves.map(({ saved }) => saved)),
        ]),
        isForwarding: textOf(sections, "ipforward")?.trim() !== "0",
    };
}
