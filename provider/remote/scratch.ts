/** What a script's own folder is called: whatever is left under this name, by a machine that went down, is ours. */
const name = "pulumi-isardvdi";

/**
 * The start of a script that needs a folder of its own, `$t`: it goes however the script ends, for dash runs no EXIT
 * trap on a signal, which a lost connection is too, as PIPE at the next word. One that is an hour old has outlived its script. In a subshell, whose traps are its own.
 */
export const scratch = `T=\${TMPDIR:-/tmp}
t=$(mktemp -u "$T/${name}.XXXXXX") || exit 1
trap 'rm -rf -- "$t"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM
mkdir -m 700 -- "$t" || { t=; exit 1; }
find "$T" -maxdepth 1 -name '${name}.*' -type d -user "$(id -u)" -mmin +60 -exec rm -rf -- {} + 2>/dev/null || :`;
