import type { DockerOptions } from "../lab/docker";
import type { Engine } from "../lab/packages";
import { onDockerHost } from "./docker-host";
import type { Kind } from "./gap";

/** One engine as it can be set up. */
export interface Engines {
    name: string;
    docker: DockerOptions & { engine: Engine };
}

interface Row extends Engines {
    /** The firewalls with which everything is tried. */
    whole: readonly Kind[];
    /** Those with which only that is tried which depends on Docker. */
    some: readonly Kind[];
}

const kinds: readonly Kind[] = ["iptables-nft", "iptables-legacy", "firewalld-nftables", "firewalld-iptables"];

/** Docker's own rules for a published port name no bridge then, and look like somebody's. */
const withoutProxy = { "userland-proxy": false };

const rows = {
    "20.10": { docker: { engine: "20.10" }, whole: kinds, some: [] },
    "28": { docker: { engine: "28.5.2", daemon: withoutProxy }, whole: [], some: ["iptables-nft"] },
    "29": { docker: { engine: "29" }, whole: [], some: ["iptables-nft", "firewalld-nftables"] },
} satisfies Record<string, Omit<Row, "name">>;

const isAll = process.env["TEST_ALL"] === "1";

/** What is tried with an engine; the whole cross product where the run was started with --all. */
export function onEngine(name: keyof typeof rows, only: readonly Kind[] = kinds): void {
    const { docker, whole, some }: Omit<Row, "name"> = rows[name];
    for (const kind of kinds.filter((each) => only.includes(each))) {
        const isWhole = isAll || whole.includes(kind);
        if (isWhole || some.includes(kind)) onDockerHost(kind, { name, docker }, isWhole);
    }
}
