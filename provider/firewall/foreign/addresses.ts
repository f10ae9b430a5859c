import { isIPv4 } from "node:net";
import type { Interval, Intervals } from "./intervals";

export const numberOf = (address: string): number =>
    address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

export const addressOf = (number: number): string =>
    [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");

/** Of an address, a network with its length or its mask, or "first-last"; undefined for anything else. */
export function addresses(text: string): Interval | undefined {
    const [first = "", last] = text.split("-");
    if (last !== undefined) return isIPv4(first) && isIPv4(last) ? [numberOf(first), numberOf(last)] : undefined;
    const [address = "", length = "32"] = text.split("/");
    const bits = isIPv4(length) ? bitsOf(length) : /^\d+$/.test(length) ? Number(length) : undefined;
    if (!isIPv4(address) || bits === undefined || bits > 32) return undefined;
    const size = 2 ** (32 - bits);
    const start = Math.floor(numberOf(address) / size) * size;
    return [start, start + size - 1];
}

/** A mask with a hole is no network. */
function bitsOf(mask: string): number | undefined {
    const ones = numberOf(mask).toString(2).padStart(32, "0");
    return /^1*0*$/.test(ones) ? ones.lastIndexOf("1") + 1 : undefined;
}

/** The one network that is exactly these addresses, as iptables prints it. */
export function networkOf(set: Intervals): string | undefined {
    const [[first, last] = [0, -1], ...rest] = set;
    const size = last - first + 1;
    const bits = 32 - Math.log2(size);
    if (rest.length > 0 || size < 1 || !Number.isInteger(bits) || first % size !== 0) return undefined;
    return `${addressOf(first)}/${bits}`;
}
