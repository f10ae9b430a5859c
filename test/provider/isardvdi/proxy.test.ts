import { strict as assert } from "node:assert";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:https";
import { readConfiguration } from "../../../provider/configuration";
import { openTransport, TransportError } from "../../../provider/isardvdi/transport";
import { systemClock } from "../../../provider/world";
import { generate } from "selfsigned";

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listen = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

describe("a site behind a proxy", () => {
    const asked: { target: string; authorization: string | undefined }[] = [];
    const sockets = new Set<Socket>();
    let refusing: number | undefined;
    let cert = "";
    let site: Server;
    // a name that only the proxy knows leads to the site
    const proxy = createServer().on("connect", (request, socket: Socket) => {
        asked.push({ target: request.url ?? "", authorization: request.headers["proxy-authorization"] });
        if (refusing !== undefined) return void socket.end(`HTTP/1.1 ${refusing} No\r\n\r\n`);
        const far = connect(portOf(site), "127.0.0.1", () => {
            socket.write("HTTP/1.1 200 OK\r\n\r\n");
            far.pipe(socket).pipe(far);
        });
        [far, socket].forEach((each) => sockets.add(each.on("error", () => undefined)));
    });

    before(async () => {
        const made = await generate([{ name: "commonName", value: "isard.test" }], {
            extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "isard.test" }] }],
        });
        cert = made.cert;
        site = createTlsServer({ cert, key: made.private }, (_request, response) => response.end("here"));
        await Promise.all([listen(site), listen(proxy)]);
    });
    beforeEach(() => {
        asked.length = 0;
        refusing = undefined;
    });
    after(() => {
        sockets.forEach((socket) => socket.destroy());
        [site, proxy].forEach((server) => server.close());
    });

    const get = async (environment: NodeJS.ProcessEnv, config: Record<string, string> = {}): Promise<string> => {
        const keys: Record<string, string> = {
            "isardvdi:apiUrl": "https://isard.test",
            "isardvdi:apiToken": "token",
            "isardvdi:caCert": cert,
            ...config,
        };
        const settings = readConfiguration((key) => keys[key], environment).site(undefined);
        const { signal } = new AbortController();
        const ask = openTransport(settings, systemClock);
        return (await ask({ method: "GET", path: "/", timeoutMs: 20_000, signal })).text;
    };
    const through = (more = ""): NodeJS.ProcessEnv => ({ HTTPS_PROXY: `http://${more}127.0.0.1:${portOf(proxy)}` });

    it("is asked through a tunnel, with its own certificate verified at the end of it", async () => {
        assert.equal(await get(through()), "here");
        assert.deepEqual(asked, [{ target: "isard.test:443", authorization: undefined }]);
        await assert.rejects(get(through(), { "isardvdi:caCert": "" }), {
            message: /is signed by nobody this machine trusts/,
        });
    });

    it("is asked with the user that the environment has for the proxy", async () => {
        assert.equal(await get(through("u:p%40ss@")), "here");
        assert.equal(asked[0]?.authorization, `Basic ${Buffer.from("u:p@ss").toString("base64")}`);
    });

    it("tells what the proxy refuses, and no password of it", async () => {
        refusing = 407;
        const error = await get(through("u:hunter2@")).catch((each: unknown) => each);
        assert.ok(error instanceof TransportError);
        assert.match(error.row.seen, /^the proxy 127\.0\.0\.1:\d+ answered 407 when it was asked for isard\.test$/);
        assert.doesNotMatch(JSON.stringify(error.row) + error.message, /hunter2/);
        assert.deepEqual([error.row.code, error.row.retryable], ["unauthorized", false]);
        refusing = 502;
        const other = await get(through()).catch((each: unknown) => each);
        assert.ok(other instanceof TransportError && other.row.retryable && other.row.code === "unreachable");
    });

    it("is asked straight where NO_PROXY names it, and this machine always is", async () => {
        const error = await get({ ...through(), NO_PROXY: ".test" }).catch((each: unknown) => each);
        assert.ok(error instanceof TransportError, "nothing but the proxy knows the name");
        assert.match(error.row.advice, /HTTPS_PROXY, HTTP_PROXY and NO_PROXY, which the environment sets/);
        const here = {
            "isardvdi:apiUrl": `https://127.0.0.1:${portOf(site)}`,
            "isardvdi:insecureSkipTlsVerify": "true",
        };
        assert.equal(await get(through(), here), "here");
        assert.deepEqual(asked, []);
    });

    it("says which variable is no address, and not what it holds", async () => {
        for (const value of ["ftp://u:hunter2@x", "http://"])
            await assert.rejects(get({ HTTPS_PROXY: value }), (error: Error) => {
                assert.match(error.message, /the environment's HTTPS_PROXY is no address of an HTTP proxy/);
                return !error.message.includes("hunter2");
            });
    });
});
