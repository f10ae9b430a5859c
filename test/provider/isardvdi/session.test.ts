import { strict as assert } from "node:assert";
import { openSession } from "../../../provider/isardvdi/session";
import { TransportError, type Transport } from "../../../provider/isardvdi/transport";
import { signToken } from "../../../sandbox/auth/jwt";
import { testWorld } from "../../world/world";

const lifeSeconds = 300;
const ended = {
    status: 401,
    contentType: "application/json",
    text: '{"description":"Session expired"}',
    body: undefined,
};
const away = {
    code: "unreachable",
    seen: "away",
    advice: "Wait",
    property: "",
    retryable: true,
    unsent: true,
} as const;

/** A session at a server that counts, and has a clock of its own. */
function atServer(options: { renewable?: boolean; failures?: number; type?: string } = {}) {
    const world = testWorld();
    const calls: string[] = [];
    let failures = options.failures ?? 0;
    let made = 0;
    const token = (): string =>
        signToken({ iat: 5000, exp: 5000 + lifeSeconds, type: options.type ?? "", n: (made += 1) }, "secret");
    const transport: Transport = async ({ path }) => {
        calls.push(path.replace(/\?.*/, "").replace("/authentication/", ""));
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (failures-- > 0) throw new TransportError(away);
        const answer = { contentType: "text/plain", date: undefined };
        if (path.includes("/login")) return { ...answer, status: 200, text: token(), body: undefined };
        if (options.renewable === false) return { ...answer, status: 401, text: "", body: {} };
        return { ...answer, status: 200, text: "", body: { token: token() } };
    };
    const credentials = { kind: "login", username: "u", password: "p", category: "default" } as const;
    const clock = { ...world.clock, now: () => now };
    let now = 0;
    return {
        session: openSession(credentials, transport, clock),
        world,
        calls,
        pass: (seconds: number) => (now += seconds * 1000),
    };
}

describe("login session", () => {
    it("is opened once for all who ask at once", async () => {
        const { session, world, calls } = atServer();
        const tokens = await Promise.all([1, 2, 3].map(() => session.token(world)));
        assert.equal(new Set(tokens).size, 1);
        assert.deepEqual(calls, ["login"]);
    });

    it("is renewed once, at two thirds of its life", async () => {
        const { session, world, calls, pass } = atServer();
        const first = await session.token(world);
        pass(lifeSeconds * 0.6);
        assert.equal(await session.token(world), first);
        pass(lifeSeconds * 0.1);
        const tokens = await Promise.all([1, 2, 3].map(() => session.token(world)));
        assert.equal(new Set([first, ...tokens]).size, 2);
        assert.deepEqual(calls, ["login", "renew"]);
    });

    it("is opened again once when it cannot be renewed any more", async () => {
        const { session, world, calls, pass } = atServer({ renewable: false });
        await session.token(world);
        pass(lifeSeconds);
        await Promise.all([1, 2, 3].map(() => session.token(world)));
        assert.deepEqual(calls, ["login", "renew", "login"]);
    });

    it("is opened again once for all whose requests were refused together", async () => {
        const { session, world, calls } = atServer();
        const first = await session.token(world);
        assert.deepEqual(await Promise.all([1, 2, 3].map(() => session.renew(ended, first, world))), [
            true,
            true,
            true,
        ]);
        // a straggler, whose answer took longer than the new login
        assert.equal(await session.renew(ended, first, world), true);
        assert.notEqual(await session.token(world), first);
        assert.deepEqual(calls, ["login", "login"]);
    });

    it("is not opened again for a refusal that a login does not mend", async () => {
        const { session, world, calls } = atServer();
        const first = await session.token(world);
        assert.equal(await session.renew({ ...ended, text: "Bad token format" }, first, world), false);
        assert.deepEqual(calls, ["login"]);
    });

    it("is tried again by the next one when the server was away", async () => {
        const { session, world, calls } = atServer({ failures: 1 });
        await assert.rejects(session.token(world), { code: "unreachable", retryable: true });
        await session.token(world);
        assert.deepEqual(calls, ["login", "login"]);
    });

    it("goes on for the others when one who waits for it is cancelled", async () => {
        const { session, world, calls } = atServer();
        const mine = new AbortController();
        const cancelled = assert.rejects(session.token({ ...world, signal: mine.signal }), /mine/);
        const other = session.token(world);
        mine.abort(new Error("mine"));
        await cancelled;
        assert.match(await other, /^eyJ/);
        assert.deepEqual(calls, ["login"]);
    });

    it("names what the account has to do first", async () => {
        const { session, world } = atServer({ type: "disclaimer-acknowledgement-required" });
        await assert.rejects(session.token(world), { code: "forbidden", property: "isardvdi:username" });
    });

    it("names isard-authentication where the portal finds nobody behind /authentication", async () => {
        const credentials = { kind: "login", username: "admin", password: "x", category: "default" } as const;
        const page = { status: 503, contentType: "text/html", body: undefined, text: "<html></html>", date: undefined };
        const world = testWorld();
        const session = openSession(credentials, async () => page, world.clock);
        await assert.rejects(
            session.token(world),
            /isard-authentication behind it does not\. Check that the container isard-authentication runs/,
        );
    });
});
