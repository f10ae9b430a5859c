/** Chains and tables that a program makes, fills and empties by itself: nothing in them is anybody's by hand. */
const programs: readonly (readonly [RegExp, string])[] = [
    [/^DOCKER(?!-USER$)|^docker-bridges$/, "Docker"],
    [/^KUBE-|^kube-proxy$/, "Kubernetes"],
    [/^(CNI-|cali-|FLANNEL-|WEAVE|CILIUM_|OLD_CILIUM_|cni_|cilium)/, "a network plugin of Kubernetes or podman"],
    [/^(NETAVARK|netavark)/, "podman"],
    [/^(LIBVIRT_|libvirt_)/, "libvirt"],
    [/^ufw6?-/, "ufw"],
    [/^f2b-/, "fail2ban"],
    [/^firewalld$/, "firewalld"],
];
/** firewalld's own names are plain words, so they say something only where it runs. */
const firewallds = /^(PRE|POST|IN|FWD|FWDI|FWDO|PREROUTING|OUTPUT|POSTROUTING)_/;

/** Whose a chain or a table is; undefined for an administrator's. */
export function programOf(name: string, hasFirewalld: boolean): string | undefined {
    if (hasFirewalld && firewallds.test(name)) return "firewalld";
    return programs.find(([pattern]) => pattern.test(name))?.[1];
}
