import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folder } from "../../../provider/firewall/host/paths";
import { syncScript } from "../../../provider/firewall/host/sync";

describe("the script that stays on a host", () => {
    let place: string;
    beforeEach(() => (place = mkdtempSync(join(tmpdir(), "sync-"))));
    afterEach(() => rmSync(place, { recursive: true }));

    /** Everything that it would look at or change is in one folder, and it has no network. */
    const script = () =>
        syncScript
            .replaceAll(folder, place)
            .replaceAll("/proc/sys/net/ipv4/ip_forward", join(place, "forward"))
            .replaceAll("/run/systemd/system", join(place, "none"))
            .replaceAll("/usr/share/netfilter-persistent", join(place, "none"))
            .replaceAll(/\bnft (?=delete|-f)/g, "true ");

    const before = { forward: "1\n", "now.nat": "-A X\n", "now.filter": "-A Y\n" };

    it("leaves no rules behind that it had written out, when they cannot be restored or written", () => {
        for (const [restore, isThere] of [
            ["exit 1", true],
            ["cat >/dev/null", false],
        ] as const) {
            const tool = join(place, "iptables");
            const files = {
                ...before,
                tool,
                iptables: "#!/bin/sh\nexit 1\n",
                "iptables-restore": `#!/bin/sh\n${restore}\n`,
            };
            for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
            for (const name of ["iptables", "iptables-restore"]) chmodSync(join(place, name), 0o755);
            // without it, writing the rules out fails half-way, as on a full disk
            if (!isThere) rmSync(join(place, "now.filter"));
            const { status } = spawnSync("sh", ["-c", script(), "sync", "now"], { encoding: "utf8" });
            assert.notEqual(status, 0);
            assert.deepEqual(
                readdirSync(place).filter((name) => name.startsWith("put.")),
                [],
            );
        }
    });
});
