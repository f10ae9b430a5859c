import type { Firewall as Kind } from "../lab/firewall";
import { needsLab } from "../lab/skip";
import { carriesAll } from "./bare";
import { type Bare, bareHost } from "./bare-host";
import { standsAlone } from "./own-table";
import { brokenLedger } from "./ledger";
import { leavesLedger, rebuildsLedger } from "./rebuild";
import { bridgedUplink } from "./uplink";
import { carriesRows, type Ground, serveElsewhere } from "./matrix";

/** All that one host without Docker shows with one kind of firewall. */
export function onBareHost(kind: Exclude<Kind, "none">): void {
    describe(`the forwards of a host without Docker and ${kind}`, function () {
        this.timeout(300_000);
        let bare: Bare | undefined;
        let there: Ground;
        const here = (): Bare => bare as Bare;
        before(needsLab);
        before(async () => {
            bare = await bareHost(kind);
            const { lab, host, client, guest } = bare;
            const [desktop] = await Promise.all([lab.host("desktop", { behind: host }), serveElsewhere(client)]);
            // a table of iptables-legacy stays in the kernel once it was asked for
            if (kind !== "nftables") await host.must("iptables -t nat -S");
            there = { host, client, desktop, target: () => guest.address };
        });
        after(async () => await bare?.lab.stop());

        carriesRows(() => there);
        if (kind.startsWith("iptables") || kind === "nftables") carriesAll(kind, here);
        if (kind === "nftables") standsAlone(here);
        if (kind.endsWith("nft") || kind.endsWith("-nftables")) brokenLedger(kind, here);
        if (kind === "iptables-nft") rebuildsLedger(here);
        if (kind === "nftables") leavesLedger(here);
        if (kind.endsWith("nft") || kind.endsWith("nftables")) bridgedUplink(kind, here);
    });
}
