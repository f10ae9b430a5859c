import assert from "node:assert/strict";
import type { LabHost } from "../lab/host";
import { Lab } from "../lab/lab";
import { needsLab } from "../lab/skip";
import { commandsOf } from "./machine";

/** What the machine's card would be, made at each boot before anything of ours. */
const card = `[Unit]
DefaultDependencies=no
Before=network-pre.target
Wants=network-pre.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'ip link show eth1 || ip link add eth1 type veth peer name wire1'
[Install]
WantedBy=multi-user.target
`;

describe("a trunk of VLANs on a machine with systemd", function () {
    this.timeout(600_000);
    let lab: Lab;
    let host: LabHost;
    const { trunk } = commandsOf({ vlans: { trunkInterface: "eth1" } });
    const promiscuity = async (): Promise<string> =>
        (await host.must("ip -d link show dev eth1 | sed -n 's/.*promiscuity \\([0-9]*\\).*/\\1/p'")).trim();
    before(needsLab);
    before(async () => {
        lab = await Lab.start();
        host = await lab.host("h1", { systemd: true });
        await host.must("cat >/etc/systemd/system/card.service; systemctl enable -q --now card", { input: card });
    });
    after(async () => await lab?.stop());

    it("lets foreign frames in, now and after a reboot", async () => {
        assert.equal(await promiscuity(), "0");
        await host.must(trunk?.create ?? "exit 99");
        assert.equal(await promiscuity(), "1");
        // again, as after a run that was cut off
        await host.must(trunk?.create ?? "exit 99");
        assert.equal(await promiscuity(), "1");
        await host.reboot();
        assert.equal(await promiscuity(), "1");
    });

    it("is as it was when it is taken down", async () => {
        await host.must(trunk?.delete ?? "exit 99");
        assert.equal(await promiscuity(), "0");
        assert.equal(await host.must("ls /etc/systemd/system | grep -c trunk || true"), "0\n");
        await host.must(trunk?.delete ?? "exit 99");
    });
});
