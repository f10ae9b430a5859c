import { networkOf } from "./addresses";
import type { Foreign, Twin } from "./foreign";
import { everyAddress, everyPort, same } from "./intervals";
import { plainTarget } from "./target";

/** The forward that takes the same packets to the same place, or why there is none: nothing is left out on either side. */
export function twinOf({ conditions, target, from, program, place }: Foreign): Twin | { why: string } {
    const { protocols, ports, sources, destinations, toHost, interfaces, zone, unknown } = conditions;
    const none = (why: string): { why: string } => ({ why });
    if (program !== undefined) return none(`it is ${program}'s`);
    if (place.kind === "other") return none(`it stands in ${place.what}, which is left alone`);
    if (from === "host") return none("it takes only what the host itself sends");
    if (unknown.length > 0) return none(`it is narrowed by ${unknown.map((each) => `"${each}"`).join(" and ")}`);
    const [protocol, ...protocolsLeft] = protocols;
    if (!protocol || protocolsLeft.length > 0) return none("it takes TCP and UDP at once");
    const [range, ...rangesLeft] = ports;
    if (!range || rangesLeft.length > 0) return none("it takes several ports that are no range");
    if (same(ports, everyPort)) return none("it takes every port");
    if (toHost === false || !same(destinations, everyAddress)) return none("it takes packets to some addresses alone");
    const source = same(sources, everyAddress) ? undefined : networkOf(sources);
    if (source === undefined && !same(sources, everyAddress)) return none("its sources are no one network");
    const [link, ...linksLeft] = interfaces;
    if (linksLeft.length > 0 || link?.isNegated || link?.name.endsWith("+"))
        return none("it names interfaces otherwise than by one name");
    if (!target) return none("what it does is not understood");
    const plain = plainTarget(target, range);
    if (!plain) return none("it sends to several places, or shifts ports");
    return {
        protocol,
        from: range[0],
        to: range[1],
        ...plain,
        ...(source !== undefined && { sourceCidrs: [source] as const }),
        ...(link && { inInterface: link.name }),
        ...(zone !== undefined && { zone }),
        ...(from === "both" && { local: true as const }),
    };
}
