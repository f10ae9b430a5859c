import { harmlessPattern, publicKeys, secretivePattern } from "../secrets";

/**
 * `quiet_tail LOG CFG…` prints the end of a log without any value of the files: their text says what is assigned,
 * commented out or a word of no assignment, and sh what comes of expansions. Each line is gone through once, and what
 * was put in for a value is not looked at again. A word that is base64 of a value goes as a whole, and so do
 * characters that a terminal obeys. It runs where the log is, so that nothing of it leaves uncleaned.
 */
export const quietTail = String.raw`quiet_end() {
    if [ "$(wc -c <"$1")" -gt 65536 ]; then tail -c 65536 "$1" | sed 1d; else cat "$1"; fi | tail -n 20
}
quiet_tail() {
    quiet_log=$1; shift
    {
        for cfg; do
            if [ -f "$cfg" ]; then
                { cat "$cfg"; echo; } | sed 's/^/c/'
                # docker compose's own file is none of sh
                [ "${"$"}{cfg##*/}" = .env ] || env -i PATH="$PATH" timeout -k 1 5 /bin/sh -c 'trap /usr/bin/env EXIT; set -a; . "$0"' "$cfg" </dev/null 2>/dev/null | sed 's/^/e/'
            fi
        done
        quiet_end "$quiet_log" | sed 's/^/l/'
    } | tr -d '\000' | LC_ALL=C awk -v shown=' ${publicKeys.join(" ")} ' '
        function is_public(key, value) { return index(shown, " " key " ") || value ~ /${harmlessPattern}/ && key !~ /${secretivePattern}/ }
        function hide(value) { gsub(/^[ \t\r]+|[ \t\r]+$/, "", value); if (length(value) > 2) secrets[value] }
        function assigned(key, value,   quote, word) {
            keys[key]
            if (is_public(key, value)) return
            hide(value)
            quote = substr(value, 1, 1); word = value
            if (quote ~ /["\047]/) {
                sub(/[ \t\r]+$/, "", word)
                word = substr(word, 2); sub(/["\047]$/, "", word); hide(word)
                gsub(/\\/, "", word); hide(word)
                word = substr(value, 2); if (index(word, quote)) word = substr(word, 1, index(word, quote) - 1)
            } else sub(/[ \t;&|)].*/, "", word)
            if (!is_public(key, word)) hide(word)
        }
        function words(text, isProse,   all, count, each) {
            count = split(text, all, /[ \t\r"\047;,&|<>(){}$=]+/)
            for (each = 1; each <= count; each++)
                if (length(all[each]) > (isProse ? 5 : 3) && (isProse ? all[each] ~ /[0-9]/ && all[each] ~ /[A-Za-z]/ : all[each] !~ /^(export|unset|readonly|source|then|else|elif|done|true|false)$/)) hide(all[each])
        }
        function in_json(text) { gsub(/["\\]/, "\\\\&", text); return text }
        function in_compose(text) { gsub(/[$]/, "$$", text); return text }
        function ready(   value) {
            isReady = 1
            for (value in secrets) { masks[value]; masks[in_json(value)]; masks[in_compose(value)] }
            for (value = 0; value < 64; value++) sextet[substr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", value + 1, 1)] = value
            sextet["-"] = 62; sextet["_"] = 63
        }
        function decoded(word,   text, at, place, held, byte) {
            for (at = 0; at < length(word); at++) {
                held = held % 64 * 64 + sextet[substr(word, at + 1, 1)]
                # a byte is whole with the second, third and fourth character of each group
                place = at % 4
                if (place == 0) continue
                byte = int(held / (place == 1 ? 16 : place == 2 ? 4 : 1)) % 256
                text = text sprintf("%c", byte ? byte : 32)
            }
            return text
        }
        function encoded(text,   word, from, value, plain) {
            while (match(text, /[A-Za-z0-9+\/_-]+/)) {
                word = substr(text, RSTART, RLENGTH); text = substr(text, RSTART + RLENGTH)
                if (length(word) > 7) for (from = 1; from <= 4; from++) {
                    plain = decoded(substr(word, from))
                    for (value in secrets) if (index(plain, value)) masks[word]
                }
            }
        }
        function quiet(text,   said, value, at, first, size) {
            for (;;) {
                first = 0
                for (value in masks) {
                    at = index(text, value)
                    if (at && (!first || at < first || at == first && length(value) > size)) { first = at; size = length(value) }
                }
                if (!first) return said text
                said = said substr(text, 1, first - 1) "[secret]"
                text = substr(text, first + size)
            }
        }
        { kind = substr($0, 1, 1); line = substr($0, 2) }
        kind == "c" {
            for (rest = line; match(rest, /[A-Za-z_][A-Za-z0-9_]*=/);) {
                key = substr(rest, RSTART, RLENGTH - 1); rest = substr(rest, RSTART + RLENGTH)
                assigned(key, rest)
            }
            if (line ~ /^[ \t]*#/) words(line, 1)
            else if (line !~ /^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*=/) words(line, 0)
            else if (match(line, /[ \t]#/)) words(substr(line, RSTART), 1)
        }
        kind == "e" {
            key = line; sub(/=.*/, "", key); value = substr(line, length(key) + 2)
            if (key in keys) { if (!is_public(key, value)) hide(value) }
            else if (key !~ /^(PATH|PWD|OLDPWD|SHLVL|_)$/) { hide(line); hide(value) }
        }
        kind == "l" {
            if (!isReady) ready()
            if (length(line) > 4000) { print "(a line of " length(line) " characters)"; next }
            gsub(/\033\[[0-?]*[ -\/]*[@-~]|\033\][^\007\033]*(\007|\033\\)/, "", line)
            gsub(/[\001-\010\013-\037\177]|\302[\200-\237]|\342\200[\216\217\252-\256]|\342\201[\246-\251]|\330\234/, "?", line)
            encoded(line)
            print quiet(line)
        }'
}`;
