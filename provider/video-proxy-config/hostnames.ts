import { addresses } from "../firewall/foreign/addresses";

/** The container that all-in-one and hypervisor flavours have; only Docker's own DNS knows it. */
export const local = "isard-hypervisor";

const problems: [pattern: RegExp, problem: string][] = [
    [/^$/, "must not be empty"],
    [/:\/\//, "must be a bare host name, without a scheme"],
    [/,/, "must be one host name: give several as several elements of the list"],
    [/\s/, "must not contain spaces"],
    [/:\d*$/, "must be a bare host name: ports go into ports"],
    [/^-/, "must not begin with a hyphen"],
    [/[^-_.a-zA-Z0-9]/, "must be a host name or an IPv4 address: letters, digits, dots, hyphens and underscores"],
    [/^.{254,}$/, "must have at most 253 characters"],
    [
        /^(localhost|127\.|0\.0\.0\.0$|169\.254\.)/,
        "must not be a loopback or link-local address: in the proxy's container that is the container itself",
    ],
];

/** A network, with its length or mask, or a range of addresses: squid reads those too, and resolves nothing for them. */
export const isNetwork = (entry: string): boolean => /[/-]/.test(entry) && addresses(entry) !== undefined;

/** What is wrong with a name for both squid and websockify, if anything. */
export const hostnameProblem = (name: string): string | undefined =>
    problems.find(([pattern]) => pattern.test(name))?.[1];

/** Both split at commas; squid takes spaces as well. */
export const splitHostnames = (value: string): string[] => value.split(/[\s,]+/).filter((name) => name !== "");

/** Once each, in order. */
export const once = (names: readonly string[]): string[] => [...new Set(names)];
