/** Root's own folder on the host: the ledger, and the files that everything is made from. */
export const folder = "/var/lib/pulumi-isardvdi/firewall";
/** Gone with a reboot, as a lock should be; never removed, for that would let two in. */
export const lockFile = "/run/pulumi-isardvdi.lock";
/** There since the first change after a boot: until then only what is to survive a reboot is put in. */
export const aliveFile = "/run/pulumi-isardvdi.alive";
export const unit = "pulumi-isardvdi-firewall.service";
export const plugin = "/usr/share/netfilter-persistent/plugins.d/90-pulumi-isardvdi";

/** The files that one transaction replaces and a rollback puts back. */
export const files = [
    "ledger",
    "now.nat",
    "now.filter",
    "now.nft",
    "boot.nat",
    "boot.filter",
    "boot.nft",
    "firewalld.json",
    "tool",
    "before",
];

/** The start of every script: the tools' folders first, whatever the login shell's PATH is. */
export const preamble = `set -eu
umask 077
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
LC_ALL=C
export PATH LC_ALL
S=${folder}`;
