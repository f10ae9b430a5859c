import type { HostPlan } from "../plan";
import { type HostCommand, prologue } from "./command";

/** The interface of the VLANs lets foreign frames in, now and after each boot. */
export function trunk(plan: HostPlan, name: string): HostCommand {
    const unit = `pulumi-isardvdi-trunk-${name}.service`;
    return {
        create: `${prologue(plan)}
cat >/etc/systemd/system/${unit} <<'END'
[Unit]
Description=Promiscuous mode of ${name}, whose VLANs IsardVDI's desktops use
After=network-pre.target
Before=docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'ip link set dev ${name} promisc on up'

[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload
systemctl enable -q ${unit}
# isard-hypervisor has taken it with itself
if [ -e /sys/class/net/${name} ]; then
    systemctl restart ${unit} || fail "make ${name} promiscuous: $(ip link set dev ${name} promisc on up 2>&1 || :). Look at journalctl -u ${unit}."
    ip -d link show dev ${name} | grep -q 'promiscuity [1-9]' ||
        fail "make ${name} promiscuous: the interface stays as it is. Look at what else manages it."
fi`,
        delete: `${prologue(plan)}
systemctl disable -q --now ${unit} 2>/dev/null || :
rm -f /etc/systemd/system/${unit}
systemctl daemon-reload
if [ -e /sys/class/net/${name} ]; then ip link set dev ${name} promisc off; fi`,
    };
}
