import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { openFirewall } from "../../provider/firewall";
import type { LabHost } from "../lab/host";
import type { Bare } from "./bare-host";
import { callWith, change, traces } from "./harness";

const CLI = resolve(__dirname, "../../dist/cli/main.js");
const folder = "/var/lib/pulumi-isardvdi/firewall";

/** The command in a process of its own, as its user runs it. */
export async function command(host: LabHost, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const connections = JSON.stringify({ h1: await host.connection() });
    return await new Promise((done) => {
        const child = execFile(
            process.execPath,
            [CLI, ...args],
            { env: { ...process.env, ISARDVDI_CONNECTIONS: connections } },
            (_error, out, err) => done({ code: child.exitCode ?? -1, out, err }),
        );
    });
}

/** What is wrong with a ledger, and how it is written anew from the rules. */
export function rebuildsLedger(bare: () => Bare): void {
    const firewall = openFirewall();
    it("have a ledger that npx pulumi-isardvdi rebuild-ledger writes anew from the rules, and each stays as it was", async () => {
        const { host, client, remote, ssh, arrives } = bare();
        const clean = await traces(host);
        const forwards = [
            change("a", { ...ssh, sourceCidrs: [`${client.address}/32`], inInterface: "eth0", local: true }),
            change("b", { ...ssh, from: 5900, to: 5910, persist: false }),
            change("c", { ...ssh, from: 3022, to: 3022, toPort: 2022, protocol: "tcp" }),
            change("d", { ...ssh, protocol: "udp", from: 4443, to: 4443 }),
        ];
        await firewall.apply(remote, forwards, callWith());
        const whole = await host.must(`cat ${folder}/ledger`);
        const rules = await traces(host);
        const installed = async (): Promise<unknown> =>
            [...(await firewall.inspect(remote, "auto", callWith())).forwards].map(([tag, { forward, missing }]) => [
                tag,
                Object.fromEntries(Object.entries({ local: false, ...forward }).sort()),
                missing,
            ]);
        const before = await installed();
        const lines = whole.trim().split("\n");
        for (const broken of ["", `${lines.slice(0, 2).join("\n")}\n# gone\n`, whole.slice(0, -20), lines[0] ?? ""]) {
            await host.must(`cat >${folder}/ledger`, { input: broken });
            await assert.rejects(firewall.inspect(remote, "auto", callWith()), /rebuild-ledger/);
            const shown = await command(host, "rebuild-ledger", "h1");
            assert.equal(shown.code, 0, shown.err);
            assert.match(shown.out, /give --yes[^]*udp 4443 → [\d.]+, of .*by its rules/);
            assert.equal(await host.must(`cat ${folder}/ledger`), broken);
            const done = await command(host, "rebuild-ledger", "h1", "--yes");
            assert.equal(done.code, 0, done.err);
            assert.deepEqual(await installed(), before);
            assert.equal(await traces(host), rules);
            assert.ok(await arrives(3022));
        }
        assert.match((await command(host, "rebuild-ledger", "h1", "--yes")).out, /is whole/);
        // a rule by hand under one of our tags, and files that say nothing of a reboot
        for (const [damage, undo, why] of [
            [
                "iptables -w -t nat -A ISARDVDI-DNAT -p tcp --dport 99 -m comment --comment pulumi-isardvdi:c -j DNAT --to-destination 10.9.9.9",
                "iptables -w -t nat -D ISARDVDI-DNAT -p tcp --dport 99 -m comment --comment pulumi-isardvdi:c -j DNAT --to-destination 10.9.9.9",
                /: c \(its rules are not those of one forward: .*10\.9\.9\.9\)\. Take/,
            ],
            [
                `mv ${folder}/boot.nat /boot.nat; : >${folder}/boot.nat`,
                `mv /boot.nat ${folder}/boot.nat`,
                /a \(no file there says/,
            ],
        ] as const) {
            await host.must(`: >${folder}/ledger`);
            await host.must(damage);
            const there = await traces(host);
            const { code, err } = await command(host, "rebuild-ledger", "h1", "--yes");
            assert.equal(code, 2);
            assert.match(err, why);
            assert.equal(await traces(host), there);
            await host.must(undo);
        }
        assert.equal((await command(host, "rebuild-ledger", "h1", "--yes")).code, 0);
        await firewall.apply(
            remote,
            forwards.map(({ owner }) => change(owner.tag, undefined)),
            callWith(),
        );
        assert.equal(await traces(host), clean);
    });
}

/** Where rules stand in the table of nftables. */
export function leavesLedger(bare: () => Bare): void {
    const firewall = openFirewall();
    it("have a ledger that rebuild-ledger leaves, and names what it does not read back", async () => {
        const { host, remote, ssh } = bare();
        await firewall.apply(remote, [change("a", ssh)], callWith());
        const whole = await host.must(`cat ${folder}/ledger`);
        await host.must(`: >${folder}/ledger`);
        const there = await traces(host);
        const { code, err } = await command(host, "rebuild-ledger", "h1", "--yes");
        assert.equal(code, 2);
        assert.match(
            err,
            /: a \(its rules in the table pulumi-isardvdi of nftables are not read back\)\. .*clear-forwards/,
        );
        assert.equal(await traces(host), there);
        await host.must(`cat >${folder}/ledger`, { input: whole });
        assert.match((await command(host, "rebuild-ledger", "h1")).out, /is whole/);
        await firewall.apply(remote, [change("a", undefined)], callWith());
    });
}
