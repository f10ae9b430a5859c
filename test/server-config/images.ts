/** Process 1 has no default for a signal: without this, each stop would take Docker ten seconds. */
const stay = "trap 'exit 0' TERM\nwhile :; do sleep 100000 & wait $!; done\n";

/** What runs as isard-squid: it resolves its list once, at its start, and one name without an address ends it for all. */
const squid = String.raw`#!/bin/sh
hosts=$(echo "${"$"}{VIDEO_HYPERVISOR_HOSTNAMES:-isard-hypervisor}" | tr ',' ' ')
# squid itself reads its list some moments after its container has started
sleep 1
for host in $hosts; do
    nslookup -type=a "$host" 2>/dev/null | grep -q '^Name:' || {
        echo "FATAL: Bungled /etc/squid/squid.conf line 4: acl SPICE_HOSTS dst $hosts"
        echo "Bad host/IP: '$host'"
        exit 1
    }
done
echo "$hosts" > /allowed
${stay}`;

/** What isard-websockify is asked with: a host that stands in the list letter by letter, and a port within the range. */
const allows = String.raw`#!/bin/sh
ports=${"$"}{VIDEO_HYPERVISOR_PORTS:-5900-7899}
echo "${"$"}{VIDEO_HYPERVISOR_HOSTNAMES:-isard-hypervisor}" | tr ',' '\n' | grep -qxF "$1" &&
    [ "$2" -ge "${"$"}{ports%-*}" ] && [ "$2" -le "${"$"}{ports#*-}" ]
`;

const idle = `#!/bin/sh\n${stay}`;
const services = ["portal", "hypervisor", "websockify", "vpn", "sessions", "video", "storage"];
const applets = "sh cat echo grep nslookup sleep tr";

const file = (name: string, text: string): string => `cat >$image/${name} <<'END'\n${text}END\nchmod +x $image/${name}`;

/** Makes the images that the stand-in's compose file names: no registry, only a static busybox. */
export const makeImages = `set -e
image=$(mktemp -d)
mkdir -p $image/bin $image/tmp $image/run
cp /usr/bin/busybox $image/bin/busybox
for name in ${applets}; do ln -s busybox $image/bin/$name; done
${file("squid", squid)}
${file("allows", allows)}
${file("idle", idle)}
pack() { tar -C $image -c . | docker import -c "ENTRYPOINT [\\"/$1\\"]" - "$2" >/dev/null; }
pack squid isard-standin/squid
pack idle isard-standin/idle
for name in ${services.join(" ")}; do docker tag isard-standin/idle isard-standin/$name; done
rm -r "$image"
`;
