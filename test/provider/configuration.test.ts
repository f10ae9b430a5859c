import { strict as assert } from "node:assert";
import { readConfiguration } from "../../provider/configuration";
import { IsardvdiError } from "../../provider/errors";

const read = (config: Record<string, unknown>, environment: NodeJS.ProcessEnv = {}) =>
    readConfiguration((key) => config[key], environment);
const good = { "isardvdi:apiUrl": "https://isard.example.org", "isardvdi:apiSecret": "s3cret" };

describe("configuration", () => {
    it("reads the top-level keys", () => {
        assert.deepEqual(read(good).site(undefined), {
            name: "default",
            apiUrl: "https://isard.example.org",
            credentials: { kind: "secret", apiSecret: "s3cret", apiSecretKid: "isardvdi" },
            caCert: undefined,
            unencrypted: undefined,
            proxy: undefined,
            insecureSkipTlsVerify: false,
            apiGeneration: "auto",
            database: undefined,
            server: undefined,
        });
    });
    it("falls back to the environment, and prefers the stack", () => {
        const environment = {
            ISARDVDI_API_URL: "http://other:1234/",
            ISARDVDI_API_TOKEN: "token",
            ISARDVDI_INSECURE_SKIP_TLS_VERIFY: "true",
        };
        const { apiUrl, credentials, insecureSkipTlsVerify } = read({}, environment).site(undefined);
        assert.deepEqual(
            [apiUrl, credentials, insecureSkipTlsVerify],
            ["http://other:1234", { kind: "token", apiToken: "token" }, true],
        );
        assert.equal(read(good, environment).site(undefined).apiUrl, "https://isard.example.org");
    });
    it("allows http to this machine alone, and elsewhere by allowHttp", () => {
        const of = (apiUrl: string, more: object = {}) =>
            read({ ...good, "isardvdi:apiUrl": apiUrl, ...more }).site(undefined).unencrypted?.message;
        for (const here of ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1", "http://127.1.2.3"])
            assert.equal(of(here), undefined, here);
        for (const there of ["http://10.0.0.1", "http://127.0.0.1.example.org", "http://localhost.example.org"])
            assert.match(
                of(there) ?? "",
                /apiUrl is http:.* unencrypted\. Use https, or run "pulumi config set isardvdi:allowHttp true"/,
            );
        assert.equal(of("https://10.0.0.1"), undefined);
        assert.equal(of("http://10.0.0.1", { "isardvdi:allowHttp": "true" }), undefined);
        const sites = { bcn: { apiUrl: "http://bcn", apiToken: "t" } };
        const variable = { ISARDVDI_ALLOW_HTTP: "true" };
        assert.match(
            read({ "isardvdi:sites": sites }, variable).site("bcn").unencrypted?.message ?? "",
            /--path 'isardvdi:sites\.bcn\.allowHttp'/,
            "each site has its own",
        );
        assert.equal(read({ ...good, "isardvdi:apiUrl": "http://x" }, variable).site(undefined).unencrypted, undefined);
    });
    it("ends in one line for 3,000 jump hosts", () => {
        const deep = JSON.parse(`${'{"host":"h","proxy":'.repeat(3000)}{"host":"h"}${"}".repeat(3000)}`) as object;
        assert.throws(() => read({ ...good, "isardvdi:connections": { h1: deep } }).connection("h1"), {
            message: /: isardvdi:connections\.h1 has more than 50 jump hosts\. Use fewer\.$/,
        });
    });
    it("reads named sites from JSON text and from objects", () => {
        const sites = { bcn: { apiUrl: "https://bcn", username: "u", password: "p" } };
        for (const value of [sites, JSON.stringify(sites)]) {
            const site = read({ "isardvdi:sites": value }).site("bcn");
            assert.deepEqual(site.credentials, { kind: "login", username: "u", password: "p", category: "default" });
            assert.equal(site.name, "bcn");
        }
    });
    it("takes a token without the line's end that came along with it", () => {
        const { credentials } = read({ "isardvdi:apiUrl": "https://x", "isardvdi:apiToken": "token\n" }).site(
            undefined,
        );
        assert.deepEqual(credentials, { kind: "token", apiToken: "token" });
    });
    it("reads named connections", () => {
        assert.equal(
            read({ "isardvdi:connections": { h1: { host: "h1.example.org" } } }).connection("h1").host,
            "h1.example.org",
        );
    });

    const database = (config: Record<string, unknown>) => read({ ...good, ...config }).site(undefined).database;
    it("reads where the database is, from objects and from text, with IsardVDI's own defaults", () => {
        const bare = { port: 28015, user: "admin", password: "", db: "isard", tls: false, caCert: undefined };
        assert.deepEqual(database({ "isardvdi:rethinkdb": '{"host": "db"}' }), { ...bare, host: "db" });
        const all = { host: "db", port: 1, user: "u", password: "p", db: "d", tls: true, caCert: "c" };
        assert.deepEqual(database({ "isardvdi:rethinkdb": all }), all);
        assert.deepEqual(database({ "isardvdi:rethinkdb": { ...all, port: "1", tls: "true" } }), all);
        assert.deepEqual(database({ "isardvdi:server": { host: "s" } }), { ...bare, host: undefined });
    });
    it("reads the server, by name or whole", () => {
        const server = { host: "s", port: 2222, proxy: { host: "jump", sudo: false } };
        assert.deepEqual(read({ ...good, "isardvdi:server": JSON.stringify(server) }).site(undefined).server, server);
        const sites = { bcn: { apiUrl: "https://x", apiToken: "t", server: "central" } };
        const named = read({ "isardvdi:sites": sites, "isardvdi:connections": { central: { host: "c" } } }).site("bcn");
        assert.deepEqual(named.server, { host: "c" });
        const top = { ...good, "isardvdi:server": "central", "isardvdi:connections": { central: { host: "c" } } };
        assert.deepEqual(read(top).site(undefined).server, { host: "c" });
    });

    const mistakes: [string, Record<string, unknown>, string | undefined, RegExp][] = [
        [
            "no address",
            { "isardvdi:apiSecret": "s3cret" },
            undefined,
            /isardvdi:apiUrl is not set\. Run "pulumi config set isardvdi:apiUrl .* ISARDVDI_API_URL/,
        ],
        [
            "an address without a scheme",
            { ...good, "isardvdi:apiUrl": "isard.example.org" },
            undefined,
            /isardvdi:apiUrl is "isard\.example\.org", which is no http or https address/,
        ],
        [
            "an address with a path",
            { ...good, "isardvdi:apiUrl": "https://x/api/v4" },
            undefined,
            /has the path "\/api\/v4"/,
        ],
        [
            "an address with a password",
            { ...good, "isardvdi:apiUrl": "https://u:hunter2@x" },
            undefined,
            /carries a user name or password/,
        ],
        [
            "no credentials",
            { "isardvdi:apiUrl": "https://x" },
            undefined,
            /isardvdi:apiToken is not set, nor is any other credential/,
        ],
        [
            "a user without a password",
            { "isardvdi:apiUrl": "https://x", "isardvdi:username": "u" },
            undefined,
            /isardvdi:password is not set/,
        ],
        [
            "a bad generation",
            { ...good, "isardvdi:apiGeneration": "v5" },
            undefined,
            /isardvdi:apiGeneration is "v5"\. Use one of auto, v3, v4/,
        ],
        [
            "a bad flag",
            { ...good, "isardvdi:insecureSkipTlsVerify": "maybe" },
            undefined,
            /insecureSkipTlsVerify is "maybe"/,
        ],
        [
            "an unknown site",
            { ...good, "isardvdi:sites": { bcn: {} } },
            "mad",
            /the site "mad": isardvdi:sites has "bcn"/,
        ],
        ["an inherited name", { ...good, "isardvdi:sites": { bcn: {} } }, "constructor", /the site "constructor"/],
        [
            "a file's name for a certificate",
            { ...good, "isardvdi:caCert": "/etc/ssl/ca.pem" },
            undefined,
            /isardvdi:caCert is no PEM text/,
        ],
        [
            "a token with a line's end inside",
            { "isardvdi:apiUrl": "https://x", "isardvdi:apiToken": "s3cret\ns3cret" },
            undefined,
            /isardvdi:apiToken has characters that no token has/,
        ],
        [
            "a site that is no object",
            { "isardvdi:sites": { bcn: "https://x" } },
            "bcn",
            /isardvdi:sites\.bcn is no JSON object/,
        ],
        [
            "an unknown key of a site",
            { "isardvdi:sites": { bcn: { apiURL: "https://x" } } },
            "bcn",
            /isardvdi:sites\.bcn\.apiURL is not a known key/,
        ],
        [
            "a database nowhere",
            { ...good, "isardvdi:rethinkdb": { db: "isard" } },
            undefined,
            /isardvdi:rethinkdb\.host is not set, and there is no server .*isardvdi:server/,
        ],
        [
            "a database's port that is none",
            { ...good, "isardvdi:rethinkdb": { host: "db", port: "hunter2" } },
            undefined,
            /isardvdi:rethinkdb\.port is not a port number/,
        ],
        [
            "a database's key that is none",
            { ...good, "isardvdi:rethinkdb": { host: "db", pasword: "hunter2" } },
            undefined,
            /isardvdi:rethinkdb\.pasword is not a known key\. Known are host, port/,
        ],
        [
            "a database that is no object",
            { ...good, "isardvdi:rethinkdb": "hunter2" },
            undefined,
            /isardvdi:rethinkdb is no JSON object/,
        ],
        [
            "a server without a host",
            { ...good, "isardvdi:server": { user: "root" } },
            undefined,
            /isardvdi:server\.host is not set/,
        ],
        [
            "a jump host with a bad flag",
            { ...good, "isardvdi:server": { host: "s", proxy: { host: "j", sudo: "hunter2" } } },
            undefined,
            /isardvdi:server\.proxy\.sudo is not true or false/,
        ],
        [
            "a server by a name that is none",
            { "isardvdi:sites": { bcn: { apiUrl: "https://x", apiToken: "t", server: "mad" } } },
            "bcn",
            /the connection "mad": isardvdi:connections is not set/,
        ],
        [
            "a site without an address",
            { "isardvdi:sites": { bcn: {} } },
            "bcn",
            /isardvdi:sites\.bcn\.apiUrl is not set\. Run "pulumi config set --path/,
        ],
    ];
    for (const [what, config, site, message] of mistakes) {
        it(`names the key for ${what}`, () => {
            assert.throws(
                () => read(config).site(site),
                (error: unknown) => {
                    assert.ok(error instanceof IsardvdiError);
                    assert.match(error.message, message);
                    assert.ok(!/hunter2|s3cret|\n/.test(error.message), error.message);
                    return true;
                },
            );
        });
    }
    it("names the key for text that is no JSON, without showing it", () => {
        assert.throws(() => read({ "isardvdi:sites": "{secret" }), /isardvdi:sites is no JSON object/);
    });
});
