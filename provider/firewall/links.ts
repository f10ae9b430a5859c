import { IsardvdiError } from "../errors";
import { lastLine } from "./failure";
import type { Section } from "./host/answer";
import { dockerSeconds } from "./host/docker";
import type { NftTable } from "./foreign/nft";
import { numberOf } from "./foreign/addresses";
import { programOf } from "./foreign/programs";
import { networksOverlap } from "./networks";
import { option, type Saved } from "./save";
import type { Seen } from "./seen";

/** What the kernel says of a link: a bridge, one of a bridge's ports, at which nothing arrives by itself, or neither. */
export type LinkKind = "bridge" | "port" | "plain";

/** A line for each link: its name, and what else it is. */
export const parseLinks = (text: string): ReadonlyMap<string, LinkKind> =>
    new Map(
        text.split("\n").flatMap((line): [string, LinkKind][] => {
            const [name = "", kind] = line.split(" ");
            return name === "" ? [] : [[name, kind === "bridge" || kind === "port" ? kind : "plain"]];
        }),
    );

/** Bridges are Docker's by its own word or by its own rules, never by their names. */
export interface DockerSeen {
    bridges: ReadonlySet<string>;
    /** Why Docker was not heard; undefined where it was, and where there is none. */
    silence: string | undefined;
}

/** What Docker has answered, if it was asked, and what its rules say besides. */
export function dockerOf(
    asked: Pick<Section, "words" | "text"> | undefined,
    links: Seen["links"],
    named: readonly string[],
): DockerSeen {
    const byRules = named.filter((link) => links.get(link) === "bridge");
    const bridges = new Set([...bridgesOf(asked?.text ?? ""), ...byRules]);
    return { bridges, silence: asked && silenceOf(asked) };
}

const stopped = "Docker does not run there";
function silenceOf({ words: [how = ""], text }: Pick<Section, "words" | "text">): string | undefined {
    if (how === "0") return undefined;
    if (how === "stopped") return stopped;
    if (how === "124") return `Docker did not answer within ${dockerSeconds} s`;
    return `Docker did not tell its networks (${lastLine(text) || `exit code ${how}`})`;
}

/** By the networks that Docker lists: a bridge without a name of its own has the id's beginning. */
export const bridgesOf = (networks: string): string[] =>
    [...networks.matchAll(/^([0-9a-f]{12})[0-9a-f]{52} ?(\S*)$/gm)].map(([, id = "", name]) => name || `br-${id}`);

/** The links that rules of Docker's own name: those in its chains, and those that lead there. */
export function bridgesInRules(saves: readonly Saved[], native: readonly NftTable[] = []): string[] {
    const isDockers = (chain: string | undefined): boolean =>
        chain !== undefined && programOf(chain, false) === "Docker";
    const rules = saves.flatMap((saved) => [...saved.values()].flatMap((table) => table.rules));
    const named = rules
        .filter(({ chain, words }) => isDockers(chain) || isDockers(option(words, "-j", "-g")))
        .flatMap(({ words }) => [option(words, "-i"), option(words, "-o")]);
    const chains = native.filter(({ name }) => isDockers(name)).flatMap((table) => table.chains);
    const inNft = chains.map(({ name }) => /^filter-forward-(?:in|out)__(.+)$/.exec(name)?.[1]);
    return [...named, ...inNft].filter((each) => each !== undefined);
}

/** Whether nothing comes from outside through a link: the loopback, or a bridge that is known for Docker's. */
export const isInner = (link: string, { docker }: Pick<Seen, "docker">): boolean =>
    link === "lo" || docker.bridges.has(link);

/** Whether packets to an address are known to leave by a link that is none of Docker's bridges. */
export function isBesideDocker(address: string, { addresses, docker }: Pick<Seen, "addresses" | "docker">): boolean {
    const target = { address: numberOf(address), bits: 32 };
    const near = addresses.filter((own) => networksOverlap({ ...own, address: numberOf(own.address) }, target));
    const nearest = Math.max(...near.map(({ bits }) => bits));
    return near.length > 0 && near.every(({ link, bits }) => bits < nearest || !docker.bridges.has(link));
}

/** What is not certain about the bridges that count as the host's own. */
function doubt({ docker, links, addresses }: Links): string | undefined {
    const own = addresses.filter(({ link }) => links.get(link) === "bridge" && !docker.bridges.has(link));
    if (docker.silence === undefined || own.length === 0) return undefined;
    const names = [...new Set(own.map(({ link }) => link))].join(", ");
    return `${docker.silence}, and no rule of it names ${names}, so whether that is a bridge of its own is not known`;
}
type Links = Pick<Seen, "docker" | "links" | "addresses">;

/** A Docker that runs and says nothing: no forward is put in while a bridge may be its own. */
export function unheard(seen: Links, host: string): IsardvdiError | undefined {
    const what = seen.docker.silence === stopped ? undefined : doubt(seen);
    if (what === undefined) return undefined;
    return new IsardvdiError({
        code: "unsupported",
        action: "understand the firewall of",
        resource: host,
        seen: what,
        advice: 'Look at what "docker network ls" says there, and run again; nothing was changed.',
    });
}

/** A Docker that does not run: its bridges carry nothing, so they can count as the host's own. */
export const unproved = (seen: Links): string | undefined =>
    seen.docker.silence === stopped ? doubt(seen) : undefined;
