import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { clearForwards, rulesOfOurs } from "../../provider/firewall/clear";
import { systemClock } from "../../provider/world";
import type { Bare } from "./bare-host";
import { callWith, change, traces } from "./harness";

const ledger = "/var/lib/pulumi-isardvdi/firewall/ledger";

/** A ledger of forwards that cannot be read. */
export function brokenLedger(kind: string, bare: () => Bare): void {
    const firewall = openFirewall();
    it(`have a ledger, and one that cannot be read is told in one line, stays as it is, and what is said to do about it helps: ${kind}`, async () => {
        const { host, remote, ssh, arrives, isSilent } = bare();
        const clean = await traces(host);
        await firewall.apply(remote, [change("a", ssh)], callWith());
        const whole = await host.must(`cat ${ledger}`);
        for (const [broken, seen] of [
            [whole.slice(0, -20), /it has the line "\{\\"owner/],
            ["# gone\n", /it has the line "# gone"/],
            [whole.replace('"version":1', '"version":3'), /of version 3, which a later release/],
            ["", /the file is there and empty.*clear-forwards/],
            ...(kind.startsWith("iptables")
                ? [
                      [
                          whole.split("\n")[0] ?? "",
                          /it lacks what its firewall has rules of: a\..*clear-forwards/,
                      ] as const,
                  ]
                : []),
        ] as const) {
            await host.must(`cat >${ledger}`, { input: broken });
            const before = await traces(host);
            const error = await firewall.apply(remote, [change("b", ssh)], callWith()).then(() => "applied", String);
            assert.match(error, /^IsardvdiError: Unable to read the ledger of forwards of root@h1: [^\n]+$/);
            assert.match(error, seen);
            assert.equal(await traces(host), before);
        }
        const call = callWith();
        if (kind.startsWith("iptables"))
            assert.ok((await rulesOfOurs(remote, call)).some((line) => line.startsWith("-t nat -A ISARDVDI-DNAT ")));
        await clearForwards(remote, call, systemClock);
        assert.ok(await isSilent());
        assert.equal((await traces(host)).replace(/^.*\.old$\n?/gm, ""), clean.replace(/^.*\.old$\n?/gm, ""));
        const { refused } = await firewall.apply(remote, [change("a", ssh)], call);
        assert.deepEqual([...refused], []);
        assert.ok(await arrives());
        await firewall.apply(remote, [change("a", undefined)], callWith());
        assert.ok(await isSilent());
        const left = (await traces(host)).replace(/^.*\.old$\n?/gm, "");
        assert.equal(left, clean.replace(/^.*\.old$\n?/gm, ""));
    });
}
