import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { furnished } from "./furnished";
import { packages } from "./packages";
import { needsLab } from "./skip";

/** What packages and people leave on a machine, each under a name that nothing else has. */
const furniture = `
printf '#!/bin/sh\\n# Provides: strangers\\n: >/run/strangers\\n' >/etc/init.d/strangers
chmod 755 /etc/init.d/strangers
for level in 2 3 4 5; do mkdir -p /etc/rc$level.d; ln -s ../init.d/strangers /etc/rc$level.d/S01strangers; done
printf '[Service]\\nExecStart=/bin/sleep 9999\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/strangers.service
for folder in /etc/systemd/system /usr/lib/systemd/system; do
    mkdir -p $folder/multi-user.target.wants
    cp /etc/strangers.service $folder/
    ln -s $folder/strangers.service $folder/multi-user.target.wants/
done
echo strangers:x:4242:4242::/home/strangers:/bin/sh >>/etc/passwd
echo strangers:x:4242: >>/etc/group
for folder in /usr/bin /usr/local/bin /usr/sbin; do cp /bin/true $folder/strangers; done
mkdir /var/lib/strangers /etc/strangers
printf 'Package: strangers\\nStatus: install ok installed\\nVersion: 1\\n\\n' >>/var/lib/dpkg/status
`;

const looks = {
    files: "find / -path /proc -prune -o -name '*strangers*' -print",
    mentions: "grep -rls strangers /etc /var/lib/dpkg/status || true",
    units: "systemctl list-unit-files --no-legend | grep strangers; systemctl list-units --all --no-legend | grep strangers",
    services: "systemctl list-units --type=service --state=active --no-legend --plain | cut -d' ' -f1",
    installed: "cat /var/lib/dpkg/status",
    initScripts: "ls /etc/init.d",
    users: "cut -d: -f1 /etc/passwd",
    local: "find /usr/local /root /home /opt /srv -type f ! -path '/root/.ssh/*'",
    groups: "cat /proc/1/cgroup | cut -d: -f3 | sort -u",
    allGroups: "mount -t cgroup2 cgroup2 /mnt && cd /mnt && find . -type d; umount /mnt",
    processes: "ps -e -o comm= | sort -u",
};
type Seen = Record<keyof typeof looks, string>;

describe("a host of the lab on a machine with much of its own", function () {
    this.timeout(300_000);
    let seen: { plain: Seen; booted: Seen };
    before(needsLab);
    before(() => {
        const child = [
            process.execPath,
            "-r",
            join(__dirname, "../../tools/test/register.js"),
            join(__dirname, "look.ts"),
        ];
        const [command = "", ...args] = [...furnished(furniture), ...child, JSON.stringify(looks)];
        seen = JSON.parse(execFileSync(command, args, { encoding: "utf8" })) as typeof seen;
    });

    const tree = (path: string): string => readFileSync(join(packages(), path), "utf8");
    const lines = (text: string): string[] => text.split("\n").filter(Boolean);

    for (const name of ["plain", "booted"] as const)
        it(`sees no file, package, init script, unit or user of the machine, only its tree's: ${name}`, () => {
            const { files, mentions, installed, initScripts, users, local } = seen[name];
            assert.deepEqual([files, mentions], ["", ""]);
            assert.equal(installed, tree("var/lib/dpkg/status"));
            // a host without Docker has it taken away
            const all = readdirSync(join(packages(), "etc/init.d")).filter((script) => script !== "docker");
            assert.deepEqual(lines(initScripts).sort(), all.sort());
            assert.deepEqual(
                lines(users),
                lines(tree("etc/passwd")).map((line) => line.split(":")[0]),
            );
            assert.equal(local, "");
        });
    it("sees no control group and no process but its own", () => {
        for (const { groups } of Object.values(seen))
            for (const group of lines(groups)) assert.match(group, /^\/(init(\/init\.scope)?)?$/);
        // its own group is the root of all that it can mount
        assert.deepEqual(lines(seen.plain.allGroups), ["."]);
        for (const group of lines(seen.booted.allGroups)) assert.match(group, /^\.$|^\.\/init(\/|$)/);
        for (const name of lines(seen.plain.processes)) assert.match(name, /^(sh|sleep|sshd|ps|sort|setpriv)$/);
    });
    it("runs no unit but those that it was given", () => {
        assert.equal(seen.booted.units, "");
        const own = lines(seen.booted.services).filter((name) => !name.startsWith("systemd-"));
        assert.deepEqual(own.sort(), ["dbus.service", "ssh.service"]);
    });
});
