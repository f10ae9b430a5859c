import fc from "fast-check";

/** Names that tests set; the first ones occur in the generated files as well. */
export const names = ["DOMAIN", "FLAVOUR", "REDIS_PASSWORD", "VIDEO_HYPERVISOR_HOSTNAMES", "NEW_KEY"] as const;

const key = fc.constantFrom(...names.slice(0, 4), "OTHER", "API_HYPERVISORS_SECRET");
const indent = fc.constantFrom("", "", "", "  ", "\t");
const prefix = fc.constantFrom("", "", "", "export ", "export  ");
const word = fc.stringMatching(/^[A-Za-z0-9_./,@%+=#-]{0,8}$/);
const single = fc.stringMatching(/^[ -&(-~é\n]{0,8}$/).map((text) => `'${text}'`);
const double = fc.stringMatching(/^[ !#%-[\]-_a-~\n]{0,8}$/).map((text) => `"${text.replaceAll("$", "")}"`);
const escaped = fc.constantFrom("a\\ b", '"x\\"y"', '"\\$HOME"', "\\$A", '"a\\\nb"', "a\\\nb", "'a'\"b\"c", '{"a":1}');
const expanded = fc.constantFrom("$DOMAIN", '"${DOMAIN}x"', "${OTHER:-a}", '"$(echo a b)"', "`echo a`", "~/x", "a:~");
const value = fc.oneof(word, single, double, escaped, expanded);
const remark = fc.constantFrom("", "", " ", " # a remark", "\t# 'half a quote");
const eol = fc.constantFrom("\n", "\n", "\n", "\r\n");

const assignment = fc.tuple(indent, prefix, key, value, remark, eol).map((parts) => {
    const [before, exported, name, raw, after, end] = parts;
    return `${before}${exported}${name}=${raw}${after}${end}`;
});
const commented = fc
    .tuple(fc.constantFrom("#", "# ", "##"), key, word, eol)
    .map(([hash, name, text, end]) => `${hash}${name}=${text}${end}`);
const prose = fc.constantFrom(
    "",
    "## Values: 'first' is \"default\n",
    "# ------ Domain ------\r\n",
    "\n",
    "  \n",
    "#\xe1\n",
);

/** Files of every shape that build.sh, sh and docker compose get along with, and some that they do not. */
export const file = fc
    .tuple(fc.array(fc.oneof(assignment, commented, prose), { maxLength: 8 }), fc.boolean())
    .map(([lines, bare]) => {
        const text = lines.join("");
        return Buffer.from(bare ? text.replace(/\r?\n$/, "") : text, "utf8");
    });

/** Any value, most of them nasty. */
export const wanted = fc.oneof(
    word,
    fc.stringMatching(/^[ -~]{0,12}$/),
    fc.string({ unit: fc.constantFrom("'", '"', "$", "`", "\\", " ", "#", "a", "é", "{", "}", "~", "\t", "&", "(") }),
);
