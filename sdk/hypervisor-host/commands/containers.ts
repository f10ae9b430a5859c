import type { HostPlan } from "../plan";
import { compose, type HostCommand, prologue, quietTail } from "./command";
import { memory, unread } from "./memory";

/** Seconds that a container is watched after its start. */
const settle = 3;
const begin = (plan: HostPlan): string => `${prologue(plan)}
${compose}
${quietTail}
umask 077; mkdir -p "$own"; log=$(mktemp "$own/log.XXXXXX"); trap 'rm -f "$log"' EXIT`;

/**
 * docker-compose.yml from isardvdi.cfg, with all values in it. The standard input is read for its changing alone: it
 * is another text whenever the file is.
 */
export const build = (plan: HostPlan): HostCommand => ({
    create: `${begin(plan)}
# release ${plan.release.replace(/[^\w.+/-]/g, "")}
cat >/dev/null
cd "$path"
[ -x build.sh ] || fail "build IsardVDI in $path: there is no build.sh. Correct repository and release."
timeout -k 10 1800 ./build.sh >"$log" 2>&1 </dev/null ||
    { quiet_tail "$log"; fail "build IsardVDI in $path: build.sh ended with an error. Its last lines are above."; }
[ -s docker-compose.yml ] || fail "build IsardVDI in $path: build.sh made no docker-compose.yml. Run it there by hand."`,
    delete: `${begin(plan)}
[ -s "$path/docker-compose.yml" ] || exit 0
# disks and the folders of the storage stay
compose down >"$log" 2>&1 || { quiet_tail "$log"; fail "stop IsardVDI in $path: docker compose down failed. Its last lines are above."; }`,
});

/**
 * One service, recreated alone and only where something that it reads is another than it runs with: a plain "up" would
 * recreate them all, and with isard-hypervisor end its desktops.
 */
export const service = (plan: HostPlan, name: string): HostCommand => ({
    create: `${begin(plan)}
${memory}
unread='${unread(name)}'
cat >/dev/null
if ! runs ${name} || { is_remembered ${name} && ! is_as_declared ${name} "$unread"; }; then
    compose up -d --no-deps ${name} >"$log" 2>&1 ||
        { quiet_tail "$log"; fail "start ${name}: docker compose up failed. Its last lines are above."; }
    remember ${name}
elif ! is_remembered ${name}; then adopt ${name} "$unread"; fi
seen=0
while [ $seen -lt ${settle} ]; do
    runs ${name} || {
        docker logs --tail 20 ${name} >"$log" 2>&1 || :
        quiet_tail "$log"
        fail "start ${name}: it does not stay up. Its last lines are above."
    }
    seen=$((seen + 1)); sleep 1
done`,
    delete: `${begin(plan)}
[ -s "$path/docker-compose.yml" ] || exit 0
compose rm -s -f ${name} >"$log" 2>&1 || { quiet_tail "$log"; fail "stop ${name}: docker compose rm failed. Its last lines are above."; }
rm -f "$own/runs-with/${name}"`,
});

/** Whatever else the release has for the flavour, such as statistics; what runs already stays. */
export const others = (plan: HostPlan): HostCommand => ({
    create: `${begin(plan)}
cat >/dev/null
compose up -d --no-recreate >"$log" 2>&1 ||
    { quiet_tail "$log"; fail "start the other services in $path: docker compose up failed. Its last lines are above."; }`,
});

/** Prints each service with its container and address, and fails where one is not as it must be for the forwards. */
export const look = (plan: HostPlan): HostCommand => ({
    create: `${prologue(plan)}
cat >/dev/null
address() {
    docker inspect -f '{{.Id}} {{.State.Status}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1" 2>/dev/null | grep . || echo "- gone "
}
wrong=
while read -r name wanted; do
    now=$(address "$name")
    case $now in
        *" running $wanted") echo "$name \${now%% *} $wanted" ;;
        *" running "*) wrong="$wrong $name is at \${now##* }, and not at $wanted: correct dockerNet;" ;;
        *) now=\${now#* }; now=\${now%% *}; [ "$now" != exited ] || now=stopped
            wrong="$wrong $name is $now: look at docker ps -a there;" ;;
    esac
done <<'END'
${plan.services.map(({ name, address }) => `${name} ${address}`).join("\n")}
END
[ -z "$wrong" ] || fail "find the containers where the forwards lead:\${wrong%;}."`,
});
