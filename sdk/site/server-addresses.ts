import { lookup } from "node:dns/promises";
import * as pulumi from "@pulumi/pulumi";
import type { SiteServerArgs } from "./args";
import type { Hosts } from "./hosts";

/** The addresses from which a server reaches the hosts of its site: those given, or what its own name resolves to. */
export function addressesOf({ addresses, connection }: SiteServerArgs, hosts: Hosts): pulumi.Output<string[]> {
    if (addresses !== undefined) return pulumi.output(addresses);
    return pulumi.output(hosts.of(connection)).apply((name = "") => resolved(name));
}

async function resolved(host: string): Promise<string[]> {
    const found = await lookup(host, { all: true, family: 4 }).catch((error: NodeJS.ErrnoException) => {
        throw unknown(host, `its name does not resolve here (${error.code ?? error.message})`);
    });
    const addresses = found.map(({ address }) => address).sort();
    if (addresses.some((address) => address.startsWith("127.")))
        throw unknown(host, "it is reached over a loopback address, from which no packet goes to a host");
    return addresses;
}

const unknown = (host: string, seen: string): pulumi.RunError =>
    new pulumi.RunError(
        `Unable to find the addresses of the server ${host}: ${seen}. Give server.addresses, from which the server reaches its hosts.`,
    );
