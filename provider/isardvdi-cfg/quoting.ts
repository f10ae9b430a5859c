/** Read alike by sh and by docker compose without any quotes. */
const plain = /^[A-Za-z0-9_./:,@%+=-]*$/;

/** The value as it is written after `KEY=`, so that sh and docker compose read the same; or why neither form can. */
export function quoted(value: string): { raw: string } | { refusal: string } {
    if (plain.test(value)) return { raw: value };
    const refusal = refusals.find(({ when }) => when(value));
    if (refusal) return { refusal: refusal.reason };
    return { raw: value.includes("'") ? `"${value.replaceAll('"', '\\"')}"` : `'${value}'` };
}

/** Each was seen to be read differently by sh, docker compose 2 or docker-compose 1. */
const refusals: { when: (value: string) => boolean; reason: string }[] = [
    {
        // eslint-disable-next-line no-control-regex
        when: (value) => /[\u0000-\u0008\u000a-\u001f\u007f]/.test(value),
        reason: "has a line break or another control character, which no line of an isardvdi.cfg can carry",
    },
    {
        when: (value) => value.includes("'") && /[$`\\]/.test(value),
        reason: "has a single quote together with a dollar sign, a backquote or a backslash, which sh and docker compose read differently",
    },
    {
        when: (value) => value.includes("\\\\") || value.endsWith("\\"),
        reason: "has two backslashes in a row or one at its end, which sh and docker compose read differently",
    },
    {
        when: (value) => /\$\{[^}]*\}/.test(value),
        reason: "has ${...}, which docker-compose 1 replaces even between quotes",
    },
];
