import type { Forward } from "../../provider/firewall";
import { Lab } from "../lab/lab";
import type { LabHost } from "../lab/host";
import type { Firewall as Kind } from "../lab/firewall";
import { SILENCE_MS } from "../lab/packets";
import { SERVICE } from "../lab/service";
import { DirectRemote, ssh } from "./harness";

/** A host without Docker whose FORWARD is DROP; the forwards lead to a guest behind it. */
export interface Bare {
    lab: Lab;
    host: LabHost;
    client: LabHost;
    guest: LabHost;
    remote: DirectRemote;
    ssh: Forward;
    /** Whether the client hears the guest's service at the host's port. */
    arrives: (port?: number) => Promise<boolean>;
    /** Whether it does not, for a while. */
    isSilent: (port?: number) => Promise<boolean>;
}

export async function bareHost(firewall: Kind = "iptables-nft"): Promise<Bare> {
    const lab = await Lab.start();
    const [host, client] = await Promise.all([lab.host("h1", { firewall }), lab.host("client")]);
    const guest = await lab.host("guest", { behind: host });
    await guest.must("cat >/service.py", { input: SERVICE });
    guest.spawn("exec python3 -u /service.py tcp:2022:ssh tcp:5900-7899:port udp:4443:echo udp:6081:echo");
    await guest.must("until [ -e /run/ready ]; do sleep 0.05; done");
    // the lab lets guests speak with everyone; here nothing is forwarded but what our own accepts let through
    if (firewall.startsWith("iptables")) await host.must("iptables -w -F FORWARD; iptables -w -P FORWARD DROP");
    return {
        lab,
        host,
        client,
        guest,
        remote: new DirectRemote(host),
        ssh: { ...ssh, toAddress: guest.address },
        arrives: async (port = 2022) => (await client.tcp(host.address, port)).text !== "",
        isSilent: async (port = 2022) => (await client.tcp(host.address, port, { timeoutMs: SILENCE_MS })).text === "",
    };
}
