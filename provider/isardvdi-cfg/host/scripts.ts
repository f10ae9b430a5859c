import { quietTail } from "./quiet";

/** What each script begins with: `docker compose`, or the older program of its own. */
const compose = String.raw`
if docker compose version >/dev/null 2>&1 </dev/null; then compose() { docker compose "$@"; }
else compose() { docker-compose "$@"; }; fi`;

/**
 * Reads everything that a decision needs, in one round trip, and changes nothing. Its input is a line each for
 * folder, file, compose file, owner, services, keys and names to resolve; each line of its output is a fact.
 */
export const inspectScript = String.raw`(
IFS= read -r folder; IFS= read -r file; IFS= read -r composefile; IFS= read -r owner
IFS= read -r services; IFS= read -r keys; IFS= read -r names
${compose}
echo "machine $(cat /etc/machine-id 2>/dev/null)"
[ -f "$folder/$file" ] || exit 0
cd "$folder" || exit 1
own=.pulumi-isardvdi
echo "cfg $(base64 < "$file" | tr -d '\n')"
[ ! -x build.sh ] || echo "build"
[ ! -f "$own/$file.json" ] || echo "ledger $(base64 < "$own/$file.json" | tr -d '\n')"
[ ! -e "$own/$file.pending.$owner" ] || echo "pending"
for name in $names; do
    if timeout 10 getent ahostsv4 "$name" >/dev/null 2>&1; then echo "resolves $name"; fi &
done
wait
if [ -s "$composefile" ]; then
    echo "built"
    compose -f "$composefile" config --services 2>/dev/null </dev/null | sed 's/^/service /'
    awk -v services=" $services " -v keys=" $keys " '
        /^[^ ]/ { service = "" }
        /^  [^ ]/ { service = $1; sub(/:$/, "", service) }
        index(services, " " service " ") && $2 != "" && $2 != "null" {
            key = $1
            if (sub(/:$/, "", key) && index(keys, " " key " ")) print "expects " service " " key
        }' "$composefile"
fi
docker ps -a --format '{{.ID}} {{.Names}} {{.Label "com.docker.compose.service"}}' 2>/dev/null </dev/null |
while read -r id name service; do
    [ -n "$service" ] || continue
    echo "present $service"
    case " $services isard-hypervisor " in *" $service "*) ;; *) continue ;; esac
    docker inspect --format "container $service {{.State.Running}}{{range .Config.Env}}
env $service {{json .}}{{end}}" -- "$id" 2>/dev/null </dev/null |
    grep -E "^(container [^ ]* |env [^ ]* \"($(echo "$keys _" | tr ' ' '|'))=)"
done
# a container that went away between the list and the look at it is no failure
true
)`;

/**
 * The work itself, started detached, so that neither a lost connection nor a provider that is killed leaves it
 * half done. It holds the checkout's lock throughout, and puts everything back when a step fails.
 */
const jobScript = String.raw`
job=$1; mask=$2
umask 077
echo $$ > "$job/pid"
own=$(dirname "$job"); folder=$(dirname "$own")
{
    IFS= read -r file; IFS= read -r composefile; IFS= read -r owner; IFS= read -r services; IFS= read -r apply
    IFS= read -r settle; IFS= read -r strict; IFS= read -r cfgwas; IFS= read -r ledgerwas
} < "$job/parameters"
cd "$folder" || exit 1
ledger=$own/$file.json; pending=$own/$file.pending.$owner; backup=$own/$file.backup
real=$(readlink -f "$file")
kept=$(dirname "$real")/.pulumi-isardvdi.kept; fresh=$(dirname "$real")/.pulumi-isardvdi.new
${compose}
${quietTail}
# what a step said, without a value of the file as it was and as it is to be, nor of those beside it
tell() { quiet_tail "$job/$1" "$folder"/isardvdi*.cfg "$folder/.env" "$job/cfg" "$backup" > "$job/$1.told"; }
step() { echo "$1" > "$job/stage"; }
# over the bytes that are there already: a full disk has no room for new ones
finish() { { printf '%s' "$*" | tr '\n' ' ' | head -c 900; echo; } 1<> "$job/result"; exit 0; }
sum() { if [ -e "$1" ]; then sha256sum < "$1" | cut -d ' ' -f 1; else echo none; fi; }
# owner and mode stay, and nobody ever sees half a file
replace() {
    rm -f "$fresh"
    if [ -e "$2" ]; then cp -p "$2" "$fresh" || return 1; fi
    cat "$1" > "$fresh" && sync "$fresh" && mv -f "$fresh" "$2" && sync "$(dirname "$2")"
}
put_ledger() { if [ -s "$1" ]; then replace "$1" "$ledger"; else rm -f "$ledger"; fi; }
build() { (umask "$mask"; timeout -k 10 900 ./build.sh </dev/null >> "$1" 2>&1) 9>&- 8<&- && [ -s "$composefile" ]; }
recreate() { compose -f "$composefile" up -d --no-deps $present </dev/null >> "$1" 2>&1 9>&- 8<&-; }
states() {
    docker inspect --format '{{.Name}} {{.State.Running}} {{.RestartCount}} {{.State.StartedAt}}' -- $ids 2>/dev/null </dev/null
}
# the first that does not run, or is not the one that was started
died() { { echo "$1" | grep -v ' true '; echo "$1" | grep -vxF "$first"; } | head -n 1 | cut -d ' ' -f 1; }
undo() {
    [ ! -e "$job/log" ] || tell log
    step restoring
    outcome=restored
    if [ -e "$kept" ]; then mv -f "$kept" "$real" || outcome=broken; fi
    if [ -e "$job/ledger.was" ]; then mv -f "$job/ledger.was" "$ledger"; else rm -f "$ledger"; fi
    if [ "$1" != write ] && [ "$apply" = yes ] && { ! build "$job/undo" || { [ "$1" != build ] && ! recreate "$job/undo"; }; }; then
        outcome=broken
    fi
    [ ! -e "$job/undo" ] || tell undo
    if [ $outcome = restored ] && [ -z "$waspending" ]; then rm -f "$pending"; fi
    rm -f "$fresh"
    finish failed "$1" "$outcome" "$2"
}

step waiting
# in our own folder, which others cannot enter; one that was taken away meanwhile locks nobody out
lock=$own/lock
while :; do
    exec 9>> "$lock"
    flock -w 900 9 || finish busy
    [ "$lock" -ef "/proc/self/fd/9" ] && break
done
# jobs of 0.1.0 hold the checkout itself, as any account of the machine can: it keeps us only while there is such a job
exec 8< "$folder"
waited=0
until flock -w 1 8; do
    earlier=
    for each in "$own"/job.*/run; do
        grep -qs '^exec 9< "\$folder"' "$each" && kill -0 "$(cat "$(dirname "$each")/pid")" 2>/dev/null && earlier=$each
    done
    [ -n "$earlier" ] || break
    waited=$((waited + 1))
    [ $waited -lt 900 ] || finish busy
done
# left by a job that was killed between keeping the old file and replacing it
rm -f "$kept" "$fresh"
[ "$(sum "$real")" = "$cfgwas" ] && [ "$(sum "$ledger")" = "$ledgerwas" ] || finish changed

step writing
waspending=; [ ! -e "$pending" ] || waspending=yes
message=$({
    : > "$pending" &&
    { [ ! -e "$ledger" ] || cp -p "$ledger" "$job/ledger.was"; } &&
    put_ledger "$job/union" &&
    { cmp -s "$job/cfg" "$real" || {
        cp -p "$real" "$backup" && ln "$real" "$kept" && replace "$job/cfg" "$real"; }; }
} 2>&1) || undo write "$message"

warning=
present=
if [ "$apply" = yes ]; then
    step building
    build "$job/log" || undo build
    if [ -n "$(compose -f "$composefile" ps -a -q 2>/dev/null </dev/null)" ]; then
        for service in $(compose -f "$composefile" config --services 2>/dev/null </dev/null); do
            case " $services " in *" $service "*) present="$present $service" ;; esac
        done
    fi
    if [ -n "$present" ]; then
        step recreating
        recreate "$job/log" || undo recreate
        step watching
        ids=$(compose -f "$composefile" ps -a -q $present 2>/dev/null </dev/null)
        first=$(states)
        passed=0
        while now=$(states); [ -n "$ids" ]; do
            if [ "$now" != "$first" ] || [ -n "$(died "$now")" ]; then
                name=$(died "$now"); name=${"$"}{name#/}
                docker logs --tail 20 -- "$name" </dev/null >> "$job/log" 2>&1
                [ "$strict" = no ] || undo alive "$name"
                warning=$name
                break
            fi
            [ $passed -lt "$settle" ] || break
            passed=$((passed + 1))
            sleep 1
        done
    fi
fi

step closing
message=$(put_ledger "$job/ledger" 2>&1) || undo close "$message"
[ "$apply" != yes ] || rm -f "$pending"
# those who did not build have left theirs
[ -s "$ledger" ] || rm -f "$backup" "$own/$file.pending."*
rm -f "$kept"
finish ok $warning
`;

/** Starts the job; prints where it is. Input: the parameters, a blank line, then file and ledgers in base64. */
export const startScript = String.raw`(
mask=$(umask); umask 077
IFS= read -r folder
own=$folder/.pulumi-isardvdi
mkdir -p "$own" || exit 1
[ -e "$own/.gitignore" ] || echo '*' > "$own/.gitignore"
for old in "$own"/job.*; do
    # jobs that were killed, whose provider was killed as well
    [ -d "$old" ] && [ -s "$old/pid" ] && ! kill -0 "$(cat "$old/pid")" 2>/dev/null && rm -rf "$old"
done
job=$(mktemp -d "$own/job.XXXXXX") || exit 1
fail() { rm -rf "$job"; rmdir "$own" 2>/dev/null; exit 1; }
cat > "$job/input" &&
sed -n '1,9p' "$job/input" > "$job/parameters" &&
sed -n '10p' "$job/input" | base64 -d > "$job/cfg" &&
sed -n '11p' "$job/input" | base64 -d > "$job/union" &&
sed -n '12p' "$job/input" | base64 -d > "$job/ledger" &&
rm -f "$job/input" &&
printf '%1000s\n' > "$job/result" || fail
cat > "$job/run" <<'END' || fail
${jobScript.trim()}
END
[ "$(tail -n 1 "$job/run")" = "finish ok \$warning" ] || fail
setsid sh "$job/run" "$job" "$mask" </dev/null >"$job/err" 2>&1 &
echo "$job"
)`;

/** Where a job is; input: its folder. */
export const pollScript = String.raw`(
IFS= read -r job
[ -d "$job" ] || { echo gone; exit 0; }
alive=yes
if [ -s "$job/pid" ]; then kill -0 "$(cat "$job/pid")" 2>/dev/null || alive=no; fi
echo "stage $(cat "$job/stage" 2>/dev/null)"
echo "alive $alive"
echo "result $(head -n 1 "$job/result")"
for each in log undo; do echo "$each $(tail -c 3000 "$job/$each.told" 2>/dev/null | base64 | tr -d '\n')"; done
)`;

/** Takes a finished job away, and our folder with it when nobody owns anything any more; input: its folder. */
export const clearScript = String.raw`(
IFS= read -r job
own=$(dirname "$job")
rm -rf "$job"
for each in "$own"/*; do [ "$each" = "$own/lock" ] || { [ -e "$each" ] && exit 0; }; done
rm -f "$own/.gitignore" "$own/lock"
rmdir "$own" 2>/dev/null
exit 0
)`;
