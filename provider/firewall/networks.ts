import { isIPv4 } from "node:net";
import { numberOf } from "./foreign/addresses";

/** An IPv4 network as numbers. */
export interface Network {
    address: number;
    bits: number;
}

const size = (bits: number): number => 2 ** (32 - bits);

/** Of "10.0.0.0/24" or an address; undefined for anything else, and where the address has host bits. */
export function networkOf(text: string): Network | undefined {
    const [address = "", bits = "32", ...rest] = text.split("/");
    if (rest.length > 0 || !isIPv4(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
    const network = { address: numberOf(address), bits: Number(bits) };
    return network.address % size(network.bits) === 0 ? network : undefined;
}

/** As the host writes it, always with its length. */
export const cidr = (text: string): string => (text.includes("/") ? text : `${text}/32`);

export function networksOverlap(a: Network, b: Network): boolean {
    const [wide, narrow] = a.bits <= b.bits ? [a, b] : [b, a];
    return Math.floor(narrow.address / size(wide.bits)) === Math.floor(wide.address / size(wide.bits));
}

/** An address that a single machine can have: neither loopback, nor multicast, nor "this network". */
export function isHostAddress(text: string): boolean {
    if (!isIPv4(text)) return false;
    const first = Number(text.split(".")[0]);
    return first > 0 && first < 224 && first !== 127;
}
