const NAMES = ["iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore"];

/** For process 1: the iptables of a machine, chosen as Debian's alternatives do. */
export const iptablesSetup = (variant: "nft" | "legacy"): string =>
    NAMES.map((name) => {
        const real = name.replace("tables", `tables-${variant}`);
        return `ln -sf /usr/sbin/${real} /etc/alternatives/${name}; ln -sf /etc/alternatives/${name} /usr/sbin/${name}`;
    }).join("\n");
