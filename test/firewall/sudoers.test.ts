import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { openFirewall } from "../../provider/firewall";
import { openRemotes } from "../../provider/remote";
import { Lab } from "../lab/lab";
import type { LabHost } from "../lab/host";
import { needsLab } from "../lab/skip";
import { callWith, change, ssh, traces } from "./harness";

/** Of docs/security.md, as an administrator copies them. */
const page = readFileSync(resolve(__dirname, "../../docs/security.md"), "utf8");
const sudoers = /```sudoers\n([^]*?)```/.exec(page)?.[1] ?? "";
const options = /`(from="ADDRESS-OF-CI"[^`]*)`/.exec(page)?.[1] ?? "";

describe("a user with no more rights than the documentation asks for", function () {
    this.timeout(120_000);
    const remotes = openRemotes();
    let lab: Lab;
    let host: LabHost;
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        host = await lab.host("h1", { docker: true });
        const restricted = options.replace('from="ADDRESS-OF-CI"', 'from="10.77.0.1"');
        assert.notEqual(restricted, options, "the page names the options");
        await host.must(
            `useradd -m -s /bin/bash isardvdi && mkdir -m 700 ~isardvdi/.ssh &&
            sed 's/^/${restricted},no-port-forwarding /' /root/.ssh/authorized_keys >~isardvdi/.ssh/authorized_keys &&
            chown -R isardvdi ~isardvdi/.ssh && cat >/etc/sudoers.d/pulumi-isardvdi && chmod 440 /etc/sudoers.d/pulumi-isardvdi &&
            visudo -cqf /etc/sudoers.d/pulumi-isardvdi`,
            { input: sudoers },
        );
    });
    after(async () => {
        await remotes.close();
        await lab?.stop();
    });

    it("can open, find and close a forward, and nothing else as root", async () => {
        const before = await traces(host);
        const remote = remotes.open({ ...(await host.connection()), user: "isardvdi", sudo: true });
        const firewall = openFirewall();
        const { refused } = await firewall.apply(remote, [change("a".repeat(12), ssh)], callWith());
        assert.deepEqual([...refused], []);
        assert.match(
            await host.must("iptables-save -t nat"),
            /--dport 2022 .*-j DNAT --to-destination 172\.31\.255\.17/,
        );
        const seen = await firewall.inspect(remote, "auto", callWith());
        assert.deepEqual(seen.forwards.get("a".repeat(12))?.missing, []);
        await firewall.apply(remote, [change("a".repeat(12), undefined)], callWith());
        assert.equal(await traces(host), before);
        const { code } = await host.exec("su isardvdi -c 'sudo -n iptables -L'");
        assert.notEqual(code, 0);
        // root alone may read what is kept about the rules
        const kept = "find /var/lib/pulumi-isardvdi -perm /077 2>/dev/null || true";
        assert.equal(await host.must(kept), "");
    });
});
