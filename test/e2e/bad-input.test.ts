import { strict as assert } from "node:assert";
import type { HypervisorArguments } from "./harness/program";
import { Site } from "./harness/site";
import type { Stack } from "./harness/stack";
import { once } from "./harness/text";

const good = { hostname: "h1", kvmModule: "intel" };

/** What a program says wrongly, and what is told of it, each once; the contract suite has every mistake by itself. */
const mistakes: [string, HypervisorArguments, RegExp[]][] = [
    [
        "what is wrong in itself",
        { hostnam: "h1", kvmModule: "intel", onlyForced: "yes", sshPort: 70000, hyperId: "Hyper_1" },
        [
            /hostnam\b.*Did you mean "hostname"\?/,
            /hostname is required/,
            /onlyForced must be true or false/,
            /sshPort must be at most 65535, not 70000/,
            /hyperId must consist of lower-case letters/,
        ],
    ],
    [
        "what the configuration does not have",
        { ...good, site: "bcn", diagnostics: { host: "h9" } },
        [/the site "bcn": isardvdi:sites is not set/, /the connection "h9"/],
    ],
];

describe("bad input with the real CLI", function () {
    this.timeout(300_000);
    let site: Site;
    before(async () => {
        site = await Site.start();
    });
    after(() => site.stop());

    const refused = (stack: Stack, { code, output }: { code: number | null; output: string }, wanted: RegExp[]) => {
        assert.notEqual(code, 0, output);
        for (const each of wanted) once(output, each);
        assert.deepEqual(stack.state(), {});
        assert.deepEqual(site.sandbox.hypervisors.all(), []);
    };

    for (const [title, bad, told] of mistakes)
        it(`names ${title}, all of it in one preview`, async () => {
            const stack = await site.stack();
            stack.hypervisors({ bad });
            refused(stack, await stack.run("preview"), told);
        });
    it("names the setting at fault once, and nothing is created", async () => {
        const stack = await site.stack({ apiSecret: "w".repeat(40) });
        stack.hypervisors({ bad: good });
        refused(stack, await stack.up(), [/isardvdi:apiSecret is not the server's/]);
    });
});
