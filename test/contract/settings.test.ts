import { strict as assert } from "node:assert";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Sandbox, startSandbox } from "../../sandbox";
import { signToken } from "../../sandbox/auth/jwt";
import { configOf, failed, inputs, writes } from "./harness/hypervisor";
import { startProvider } from "./harness/provider";
import { warmProvider } from "./harness/warm";

const other = { v3: "v4", v4: "v3" } as const;

/** An administrator's token that has expired an hour ago. */
const expired = ({ apiSecret }: Sandbox): string =>
    signToken(
        {
            kid: "isardvdi",
            session_id: "isardvdi-service",
            exp: Math.floor(Date.now() / 1000) - 3600,
            data: { role_id: "admin", category_id: "default", user_id: "somebody" },
        },
        apiSecret,
    );

/** Settings that are wrong, beside a right `apiUrl`; and what the error says: the setting, and what to do. */
const mistakes: [string, (sandbox: Sandbox) => Record<string, string>, RegExp][] = [
    ["no credentials", () => ({}), /isardvdi:apiToken is not set, nor is any other credential\. Set one of/],
    ["a user without a password", () => ({ username: "admin" }), /isardvdi:password is not set.* Run "pulumi config/],
    ["no address", () => ({ apiUrl: "" }), /isardvdi:apiUrl is not set\. Run "pulumi config set isardvdi:apiUrl/],
    [
        "an API that cannot be reached",
        ({ apiSecret }) => ({ apiSecret, apiUrl: "http://127.0.0.1:9" }),
        /127\.0\.0\.1:9 refused the connection\. .*isardvdi:apiUrl/,
    ],
    [
        "the wrong generation",
        ({ apiSecret, generation }) => ({ apiSecret, apiGeneration: other[generation] }),
        /isardvdi:apiGeneration is v\d, but the server speaks v\d\. Set isardvdi:apiGeneration to v\d or auto/,
    ],
    ["an expired token", (sandbox) => ({ apiToken: expired(sandbox) }), /[Ee]xpired.*set isardvdi:apiToken/],
    ["a token that is none", () => ({ apiToken: "not-one-at-all" }), /Check .*isardvdi:apiToken/],
    ["another server's secret", () => ({ apiSecret: "w".repeat(40) }), /isardvdi:apiSecret is not the server's/],
    [
        "another service's secret",
        ({ hypervisorsSecret }) => ({ apiSecret: hypervisorsSecret }),
        /isardvdi:apiSecret is not the server's/,
    ],
    [
        "a wrong password",
        () => ({ username: "admin", password: "guess" }),
        /log in to the site: .* Check .*isardvdi:username(,| and) isardvdi:password/,
    ],
    [
        "an account without the rights",
        () => ({ username: "user", password: "user" }),
        /Not enough rights.*must have the role admin/i,
    ],
];

for (const generation of ["v4", "v3"] as const) {
    describe(`wrong settings on ${generation}`, () => {
        let sandbox: Sandbox;
        before(async () => {
            sandbox = await startSandbox({ generation, timeScale: 100 });
        });
        after(() => sandbox.stop());

        for (const [title, settings, wanted] of mistakes) {
            it(`${title}: one line that says which and what to do, and nothing is created`, async () => {
                const all = Object.entries({ apiUrl: sandbox.apiUrl, ...settings(sandbox) });
                sandbox.clearRequests();
                const message = await refused(Object.fromEntries(all.filter(([, value]) => value !== "")));
                assert.match(message, wanted);
                assert.match(message, /^Unable to /);
                for (const [name, value] of all)
                    if (/token|secret|password/i.test(name)) assert.ok(!message.includes(value), `${name} is told`);
                assert.deepEqual(
                    writes(sandbox).filter((line) => !/authentication/.test(line)),
                    [],
                );
                assert.deepEqual(sandbox.hypervisors.all(), []);
            });
        }
    });
}

describe("settings of the connection to the portal", () => {
    it("tell a web server that is no IsardVDI", async () => {
        const server = createServer((_request, response) => {
            response.writeHead(200, { "content-type": "text/html" }).end("<html>It works!</html>");
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        try {
            const message = await refused({ apiUrl: `http://127.0.0.1:${port}`, apiToken: "token" });
            assert.match(message, /no IsardVDI API.* Set isardvdi:apiUrl to the address of the IsardVDI portal/);
        } finally {
            server.close();
        }
    });

    it("tell the address that the portal redirects to, and send no token before", async () => {
        const headers: unknown[] = [];
        const server = createServer((request, response) => {
            headers.push(request.headers.authorization);
            response.writeHead(302, { location: `https://isard.example.org${request.url ?? ""}` }).end();
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        try {
            const message = await refused({ apiUrl: `http://127.0.0.1:${port}`, apiToken: "token" });
            assert.match(message, /redirects to https:\/\/isard\.example\.org\. Set isardvdi:apiUrl to https:/);
            assert.deepEqual(headers, [undefined]);
        } finally {
            server.close();
        }
    });

    it("tell a certificate that nobody signed, and take its authority or the risk", async () => {
        const sandbox = await startSandbox({ tls: true, certificateNames: ["127.0.0.1"], timeScale: 100 });
        try {
            const { apiUrl, apiSecret, caCert = "" } = sandbox;
            const message = await refused({ apiUrl, apiSecret });
            assert.match(message, /certificate of 127\.0\.0\.1:\d+ is signed by nobody .*isardvdi:caCert/);
            assert.deepEqual(sandbox.requests, []);
            const ways: Record<string, string>[] = [{ caCert }, { insecureSkipTlsVerify: "true" }];
            for (const trust of ways) {
                const { provider, created } = await creates({ apiUrl, apiSecret, ...trust });
                const { state } = await created;
                assert.equal(state["status"], "Online");
                await provider.delete("h1", state);
                await provider.stop();
            }
        } finally {
            await sandbox.stop();
        }
    });

    it("tell a certificate for another name", async () => {
        const sandbox = await startSandbox({ tls: true, timeScale: 100 });
        try {
            const { apiUrl, apiSecret, caCert = "" } = sandbox;
            assert.match(await refused({ apiUrl, apiSecret, caCert }), /certificate of .* is for another name\. Use/);
        } finally {
            await sandbox.stop();
        }
    });

    it("come from the environment where the stack says nothing", async () => {
        const sandbox = await startSandbox({ timeScale: 100 });
        const { apiUrl, apiSecret } = configured(sandbox);
        const provider = await startProvider({}, { ISARDVDI_API_URL: apiUrl, ISARDVDI_API_SECRET: apiSecret });
        try {
            assert.equal((await provider.create(inputs("h1"))).state["status"], "Online");
        } finally {
            await provider.stop();
            await sandbox.stop();
        }
    });
});

const configured = (sandbox: Sandbox) => {
    const config = configOf(sandbox);
    return { apiUrl: config["isardvdi:apiUrl"], apiSecret: config["isardvdi:apiSecret"] };
};

async function creates(settings: Record<string, string>) {
    const config = Object.entries(settings).map(([name, value]) => [`isardvdi:${name}`, value]);
    const provider = await warmProvider(Object.fromEntries(config) as Record<string, string>);
    return { provider, created: provider.create(inputs("h1")) };
}

/** The one line that a create fails with before anything exists. */
async function refused(settings: Record<string, string>): Promise<string> {
    const { provider, created } = await creates(settings);
    try {
        const { message, initError } = await failed(created);
        assert.equal(initError, undefined, "nothing exists yet");
        assert.doesNotMatch(message, /\n/);
        assert.equal(provider.output.stderr, "");
        return message;
    } finally {
        await provider.stop();
    }
}
