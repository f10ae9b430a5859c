import { asObject } from "../is-object";
import type { NftTable } from "./foreign/nft";

/** A mark of packets as Docker's option takes it, value and mask: "0x10000/0x10000". */
export type Mark = `0x${string}/0x${string}`;

export function maskOf(mark: Mark): { value: number; mask: number } {
    const [value = 0, mask = 0] = mark.split("/").map(Number);
    return { value, mask };
}

/** Docker with its nftables back end: the packets that it lets through to a container whoever has sent them there. */
export interface DockerBridges {
    /** Absent: none but those of its own published ports. */
    mark: Mark | undefined;
}

/** Docker's own table for what goes to its bridges. */
export const dockerTable = "docker-bridges";

/** What that table says; undefined where Docker has none, and so uses iptables or does not run. */
export function dockerBridges(native: readonly NftTable[]): DockerBridges | undefined {
    const table = native.find(({ family, name }) => family === "ip" && name === dockerTable);
    if (!table) return undefined;
    const marks = table.rules.flatMap(({ expr }) => {
        const [condition, ...others] = expr.filter((each) => kindOf(each) !== "counter");
        const isAccepted = others.length === 1 && kindOf(others[0]) === "accept";
        const mark = isAccepted ? markIn(condition) : undefined;
        return mark === undefined ? [] : [mark];
    });
    return { mark: marks[0] };
}

const kindOf = (expression: unknown): string | undefined => Object.keys(expression ?? {})[0];

/** "meta mark & 0x10000 == 0x10000" or "meta mark 0x1", from their JSON. */
function markIn(condition: unknown): Mark | undefined {
    const { op, left, right } = asObject(asObject(condition)["match"]);
    if (op !== "==" || typeof right !== "number") return undefined;
    const key = JSON.stringify({ meta: { key: "mark" } });
    const masked = asObject(left)["&"];
    const pair: readonly unknown[] = Array.isArray(masked) ? masked : [left, 0xffffffff];
    const [what, mask] = pair;
    if (JSON.stringify(what) !== key || typeof mask !== "number") return undefined;
    return `0x${right.toString(16)}/0x${mask.toString(16)}`;
}
