import { networkOf, networksOverlap } from "../firewall/networks";
import type { RemoteCall } from "../remote/remote";
import type { Vantage } from "./vantages";

/** The vantages whose packets a rule for these sources lets in; one that does not know its own address is none. */
export async function admitted(
    vantages: readonly Vantage[],
    sourceCidrs: readonly string[],
    call: RemoteCall,
): Promise<Vantage[]> {
    const networks = sourceCidrs.flatMap((text) => networkOf(text) ?? []);
    const inside = async ({ address }: Vantage): Promise<boolean> => {
        const network = networkOf((await address?.(call)) ?? "");
        return network !== undefined && networks.some((each) => networksOverlap(each, network));
    };
    const isInside = await Promise.all(vantages.map(inside));
    return vantages.filter((_, index) => isInside[index]);
}
