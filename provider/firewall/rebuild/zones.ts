import type { Forward } from "../firewall";
import { sceneOf } from "../host-firewall";
import type { Entry } from "../ledger";
import { cidr } from "../networks";
import { ports, richRules } from "../rules";
import { option } from "../save";
import type { FirewalldSeen, Seen } from "../seen";
import { entriesOf } from "../zones";
import { lostOwner, type Told } from "./told";

type Direct = FirewalldSeen["direct"][number];

/** The forward that has these direct rules, with the rich rules of the same packets, which carry no tag. */
export function fromZones(
    tag: string,
    direct: readonly Direct[],
    { seen, firewalld, host }: { seen: Seen; firewalld: FirewalldSeen; host: string },
): Told<Entry> {
    const accepts = direct.flatMap(([, chain, args]) => (chain === "DOCKER-USER" ? [args] : []));
    const forward = accepts[0] && forwardIn(accepts[0]);
    if (!forward) return { why: "no direct rule of it says where it leads" };
    const sources = accepts.flatMap((args) => option(args, "--ctorigsrc") ?? []).map(cidr);
    const whole: Forward = {
        ...forward,
        sourceCidrs: sources.length > 0 ? sources : undefined,
        local: direct.some(([, chain]) => chain === "OUTPUT"),
        persist: false,
    };
    const places = placesOf(whole, firewalld.zones);
    const [first] = places;
    if (!first) return { why: "no rich rule of a zone forwards the same packets" };
    if (places.some(({ addresses }) => String(addresses) !== String(first.addresses)))
        return { why: "its zones have it for different addresses" };
    const put = { zones: places.map(({ zone }) => zone), addresses: first.addresses, docker: true };
    const made = entriesOf(whole, tag, put);
    if (!isSame(made.direct, direct)) return { why: "its direct rules are not those of one forward" };
    const stays = [
        ...made.rich.map(([zone, rule]) => firewalld.permanent[zone]?.richRules.includes(rule) ?? false),
        ...made.direct.map((rule) => firewalld.permanentDirect.some((each) => isSame([rule], [each]))),
    ];
    if (new Set(stays).size !== 1) return { why: "only a part of it is permanent" };
    const usual = sceneOf(whole, seen, true, host).zones;
    if (String(usual) !== String(put.zones) && put.zones.length !== 1)
        return { why: `nothing says why it is in the zones ${put.zones.join(", ")}` };
    const zone = String(usual) === String(put.zones) ? undefined : put.zones[0];
    const forwarded = { ...whole, zone, persist: stays[0] === true };
    return { told: { owner: lostOwner(tag), forward: forwarded, backend: "firewalld", put } };
}

function forwardIn(
    args: readonly string[],
): Pick<Forward, "protocol" | "from" | "to" | "toAddress" | "toPort"> | undefined {
    const protocol = option(args, "-p");
    const asked = option(args, "--ctorigdstport") ?? "";
    const given = option(args, "--ctreplsrcport");
    const toAddress = option(args, "--ctreplsrc");
    const [from, to = from] = asked.split(":").map(Number);
    if ((protocol !== "tcp" && protocol !== "udp") || !from || !to || !toAddress) return undefined;
    const forward = { protocol, from, to, toAddress } as const;
    return { ...forward, toPort: given === ports(forward, ":") ? undefined : Number(given) };
}

/** Zones that have every rich rule of a forward, and for which addresses. */
function placesOf(forward: Forward, zones: FirewalldSeen["zones"]): { zone: string; addresses: string[] }[] {
    return Object.entries(zones)
        .flatMap(([zone, { richRules: rules }]) => {
            const all = rules.flatMap((rule) => /destination address="([\d.]+)"/.exec(rule)?.[1] ?? []);
            const addresses = [...new Set(all)].filter((address) =>
                richRules(forward, [address]).every((rule) => rules.includes(rule)),
            );
            return addresses.length > 0 ? [{ zone, addresses: addresses.sort() }] : [];
        })
        .sort((a, b) => (a.zone < b.zone ? -1 : 1));
}

function isSame(made: readonly [string, string, string[], ...unknown[]][], there: readonly Direct[]): boolean {
    const texts = (rules: typeof made): string[] =>
        rules.map(([table, chain, args]) => JSON.stringify([table, chain, args])).sort();
    return String(texts(made)) === String(texts(there));
}
