import { strict as assert } from "node:assert";
import type { HypervisorArguments } from "./harness/program";
import { Site } from "./harness/site";
import type { Stack } from "./harness/stack";
import { once } from "./harness/text";

const good = { hostname: "h1", kvmModule: "intel" };

/** What the program says wrongly, and what `pulumi preview` answers: before anything is created. */
const programs: [string, string, HypervisorArguments, RegExp][] = [
    ["an unknown property", "bad", { ...good, hostnam: "h1" }, /hostnam\b.*Did you mean "hostname"\?/],
    ["a property of the wrong type", "bad", { ...good, onlyForced: "yes" }, /onlyForced must be true or false/],
    ["a missing property", "bad", { kvmModule: "intel" }, /hostname is required/],
    ["a port out of range", "bad", { ...good, sshPort: 70000 }, /sshPort must be at most 65535, not 70000/],
    ["a bad hyperId", "bad", { ...good, hyperId: "Hyper_1" }, /hyperId must consist of lower-case letters/],
    ["an unknown site", "bad", { ...good, site: "bcn" }, /the site "bcn": isardvdi:sites is not set/],
    ["an unknown connection", "bad", { ...good, diagnostics: { host: "h9" } }, /the connection "h9"/],
];

/** Configuration that is wrong; an empty value leaves the key out. */
const configurations: [string, Record<string, string>, RegExp][] = [
    ["missing credentials", { apiSecret: "" }, /isardvdi:apiToken is not set, nor is any other credential/],
    ["a missing address", { apiUrl: "" }, /isardvdi:apiUrl is not set/],
    ["an API that cannot be reached", { apiUrl: "http://127.0.0.1:9" }, /127\.0\.0\.1:9 refused .*isardvdi:apiUrl/],
    ["another generation", { apiGeneration: "v3" }, /isardvdi:apiGeneration is v3, but the server speaks v4/],
    ["a wrong secret", { apiSecret: "w".repeat(40) }, /isardvdi:apiSecret is not the server's/],
    ["an expired token", { apiSecret: "", apiToken: "EXPIRED" }, /isardvdi:apiToken/],
];

describe("bad input with the real CLI", function () {
    this.timeout(120_000);
    let site: Site;
    let stack: Stack;
    before(async () => {
        site = await Site.start();
        stack = await site.stack();
    });
    after(() => site.stop());

    const refuses = async (on: Stack, wanted: RegExp, run: () => Promise<{ code: number | null; output: string }>) => {
        const { code, output } = await run();
        assert.notEqual(code, 0, output);
        once(output, wanted);
        assert.deepEqual(await on.state(), {});
        assert.deepEqual(site.sandbox.hypervisors.all(), []);
    };

    for (const [title, name, args, wanted] of programs) {
        it(`names ${title} in the preview`, async () => {
            stack.hypervisors({ [name]: args });
            await refuses(stack, wanted, () => stack.run("preview"));
        });
    }
    for (const [title, config, wanted] of configurations) {
        it(`names the setting at fault for ${title}`, async () => {
            const configured = Object.entries(config).map(([key, value]) => [
                key,
                value === "EXPIRED" ? site.token(-60) : value,
            ]);
            const own = await site.stack(Object.fromEntries(configured) as Record<string, string>);
            own.hypervisors({ bad: good });
            await refuses(own, wanted, () => own.up());
        });
    }
    it("names the certificate that nobody signed, and takes its authority", async () => {
        const secure = await Site.start({ tls: true, certificateNames: ["127.0.0.1"] });
        try {
            const own = await secure.stack();
            own.hypervisors({ tls: good });
            await refuses(own, /certificate of 127\.0\.0\.1:\d+ is signed by nobody .*isardvdi:caCert/, () => own.up());
            await own.configure({ caCert: secure.sandbox.caCert ?? "" });
            await own.deploy();
            assert.equal(secure.row("tls")?.["status"], "Online");
        } finally {
            await secure.stop();
        }
    });
});
