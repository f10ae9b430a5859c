import { strict as assert } from "node:assert";
import { endpoints } from "../../../provider/isardvdi/endpoints";
import { openRequester, type Requester } from "../../../provider/isardvdi/requester";
import { type Transport, TransportError } from "../../../provider/isardvdi/transport";
import { testWorld } from "../../world/world";

type Reply = { status: number; type?: string; text?: string } | { fails: Partial<TransportError["row"]> };

const refused = {
    code: "unreachable",
    seen: "h:1 refused the connection",
    advice: "Check",
    property: "",
    retryable: true,
};
const unsent: Reply = { fails: { unsent: true } };
const dropped: Reply = { fails: { unsent: false } };
const ok: Reply = { status: 200, text: "{}" };
const error = (status: number): Reply => ({ status, text: '{"error":"x","description":"no"}' });

/** A requester whose server gives these answers, one after the other. */
function scripted(replies: Reply[]) {
    const world = testWorld();
    const tokens: string[] = [];
    const transport: Transport = ({ headers }) => {
        tokens.push(headers?.["authorization"] ?? "");
        const reply = replies.shift();
        assert.ok(reply, "one request too many");
        if ("fails" in reply) return Promise.reject(new TransportError({ ...refused, ...reply.fails } as never));
        const { status, type = "application/json", text = "" } = reply;
        let body: unknown;
        try {
            body = JSON.parse(text);
        } catch {
            body = undefined;
        }
        return Promise.resolve({ status, contentType: type, text, body, date: undefined });
    };
    let issued = 0;
    const request = openRequester(
        transport,
        {
            token: () => Promise.resolve(`t${(issued += 1)}`),
            renew: (answer) => Promise.resolve(answer.text.includes("expired")),
        },
        { clock: world.clock, random: () => 0, maxConcurrent: 2 },
    );
    return { request, tokens, world, left: () => replies.length };
}

const { list, register, enable } = endpoints.v4;
type Asked = { request: Requester; world: ReturnType<typeof testWorld> };
const read = ({ request, world }: Asked) => request(list!, "", "the hypervisors", world);
const post = ({ request, world }: Asked) => request(register!, "h1", 'hypervisor "h1"', world);
const put = ({ request, world }: Asked) => request(enable!, "h1", 'hypervisor "h1"', world);

describe("requester", () => {
    const repeated: [string, typeof read, Reply[]][] = [
        ["a read that a 500 met", read, [error(500), ok]],
        ["a read that the portal's 503 page met", read, [{ status: 503, type: "text/html", text: "<p>" }, ok]],
        ["a read whose connection was dropped", read, [dropped, ok]],
        ["a read whose answer was cut off", read, [{ status: 200, text: '[{"id": "hyp' }, ok]],
        ["an enable that a 504 met", put, [error(504), ok]],
        ["a registration that was never sent", post, [unsent, ok]],
    ];
    for (const [what, ask, replies] of repeated) {
        it(`repeats ${what}`, async () => {
            const script = scripted([...replies]);
            assert.equal((await ask(script)).status, 200);
            assert.equal(script.tokens.length, 2);
            assert.equal(new Set(script.tokens).size, 2, "with a token of its own");
            assert.ok(
                script.world.lines.some(({ level, message }) => level === "status" && /trying again/.test(message)),
            );
        });
    }

    const final: [string, typeof read, Reply[], string][] = [
        ["a registration that a 500 met", post, [error(500)], "server-error"],
        ["a registration whose connection was dropped", post, [dropped], "unreachable"],
        ["a read that was refused", read, [error(403)], "forbidden"],
        ["a read in maintenance", read, [{ status: 503, text: '{"error":"maintenance"}' }], "maintenance"],
        ["a page where JSON should be", read, [{ status: 200, type: "text/html", text: "<html>" }], "wrong-generation"],
        [
            "a list that one row breaks",
            read,
            [{ status: 500, text: '{"description":"Failed to list hypervisors"}' }],
            "server-error",
        ],
        [
            "a second refusal of a token",
            read,
            [{ status: 401, text: '{"description":"Token expired"}' }, error(401)],
            "unauthorized",
        ],
    ];
    for (const [what, ask, replies, code] of final) {
        it(`does not repeat ${what}: ${code}`, async () => {
            const script = scripted([...replies]);
            await assert.rejects(ask(script), { code });
            assert.equal(script.left(), 0);
        });
    }

    it("gives up after five repetitions, each later than the one before", async () => {
        const script = scripted(Array.from({ length: 6 }, () => error(500)));
        const started = script.world.clock.now();
        await assert.rejects(read(script), { code: "server-error", retryable: true, status: 500 });
        assert.equal(script.world.clock.now() - started, 250 + 500 + 1000 + 2000 + 4000);
    });

    it("takes a new token, once, for one that has expired", async () => {
        const script = scripted([{ status: 401, text: '{"description_code":"token_expired"}' }, ok]);
        assert.equal((await read(script)).status, 200);
        assert.deepEqual(script.tokens, ["Bearer t1", "Bearer t2"]);
    });

    it("lets two in at once, and the third as soon as one is out", async () => {
        const world = testWorld();
        const waiting: (() => void)[] = [];
        const transport: Transport = () =>
            new Promise((resolve) =>
                waiting.push(() =>
                    resolve({ status: 200, contentType: "application/json", text: "{}", body: {}, date: undefined }),
                ),
            );
        const tokens = { token: () => Promise.resolve("t"), renew: () => Promise.resolve(false) };
        const clock = { now: () => 0, sleep: (_ms: number, signal: AbortSignal) => rejectedBy(signal) };
        const request = openRequester(transport, tokens, { clock, random: () => 0, maxConcurrent: 2 });
        const asked = [1, 2, 3].map(() => read({ request, world }));
        await turns();
        assert.equal(waiting.length, 2);
        waiting[0]?.();
        await turns();
        assert.equal(waiting.length, 3);
        waiting.forEach((finish) => finish());
        await Promise.all(asked);
    });

    it("says what it waits for while the server is silent, and ends when the run does", async () => {
        const world = testWorld();
        const transport: Transport = ({ signal }) => rejectedBy(signal);
        const tokens = { token: () => Promise.resolve("t"), renew: () => Promise.resolve(false) };
        const request = openRequester(transport, tokens, { clock: world.clock, random: () => 0, maxConcurrent: 2 });
        const asked = assert.rejects(put({ request, world }), { code: "cancelled" });
        while (world.clock.now() < 1_000_000 + 20_000) await turns();
        world.abort();
        await asked;
        const [first] = world.lines;
        assert.match(first?.message ?? "", /^waiting for the server to enable or disable hypervisor "h1" \(8 s\)$/);
    });
});

const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const rejectedBy = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
