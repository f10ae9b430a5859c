import { strict as assert } from "node:assert";
import { IsardvdiError } from "../../../provider/errors";
import { PartialFailure } from "../../../provider/resource";
import { fakes, ssh } from "../port-forward/fakes";

const inside = "172.31.255.17";
const banner = "SSH-2.0-OpenSSH_9.2\r\n";
const inTime = { verifyTimeoutSeconds: 30 };
const video = { port: "5900-7899", ...inTime };
const udp = { protocol: "udp", port: 4443, ...inTime };

/** How a create over these fakes is verified, or why it is not. */
async function verified({ lifecycle, context }: ReturnType<typeof fakes>, more: object): Promise<string> {
    try {
        return String((await lifecycle.create(ssh("f", more), context)).state["verified"]);
    } catch (error) {
        if (error instanceof PartialFailure) return error.message;
        throw error;
    }
}

describe("verification of tcp", () => {
    it("says what the service said", async () => {
        const setup = fakes("h1");
        setup.outside.set("h1:2022", banner);
        assert.equal(await verified(setup, inTime), 'from where Pulumi runs, 2022 answers "SSH-2.0-OpenSSH_9.2"');
    });

    it("takes a service that says nothing first", async () => {
        const setup = fakes("h1");
        setup.outside.set("h1:6379", "");
        assert.equal(await verified(setup, { port: 6379, ...inTime }), "from where Pulumi runs, 6379 answers");
    });

    it("keeps what a stranger says to one printable line", async () => {
        const setup = fakes("h1");
        setup.outside.set("h1:2022", "\u001b[31mhello\u0007\nsecond line");
        assert.equal(await verified(setup, inTime), 'from where Pulumi runs, 2022 answers "[31mhello"');
    });

    it("waits for a container that is still booting", async () => {
        const setup = fakes("h1");
        const { clock } = setup.world;
        const started = clock.now();
        const sleep = clock.sleep.bind(clock);
        clock.sleep = (ms, signal) => {
            if (clock.now() - started > 20_000) setup.outside.set("h1:2022", banner);
            return sleep(ms, signal);
        };
        assert.match(await verified(setup, { verifyTimeoutSeconds: 120 }), /answers "SSH/);
        assert.ok(clock.now() - started > 20_000);
    });

    it("is never silent for ten seconds", async () => {
        const setup = fakes("h1");
        await verified(setup, inTime);
        const times = setup.world.lines.map(({ at }) => at);
        const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
        assert.ok(Math.max(...gaps) < 10_000, String(gaps));
    });

    for (const [asked, open] of [
        [22, 2022],
        [2022, 22],
    ] as const) {
        it(`names ${open} where ${asked} is closed and ${open} answers, long before the time is up`, async () => {
            const setup = fakes("h1");
            setup.host("h1").services.set(`${inside}:${open}`, banner);
            const started = setup.world.clock.now();
            const message = await verified(setup, { toPort: asked, verifyTimeoutSeconds: 3600 });
            assert.match(
                message,
                new RegExp(`${inside} answers on ${open} instead \\("SSH-2.0.*Set toPort to ${open}\\.`),
            );
            assert.doesNotMatch(message, /\n/);
            assert.ok(setup.world.clock.now() - started < 60_000);
        });
    }

    it("fails where the target answers the host, and no packet from outside gets there", async () => {
        const setup = fakes("h1");
        setup.host("h1").services.set(`${inside}:2022`, banner);
        const message = await verified(setup, inTime);
        assert.match(message, /after 30 s no packet has arrived: from where Pulumi runs, 2022 is refused/);
        assert.match(message, /seen on root@h1:22 itself, the target is answering "SSH-2\.0/);
        assert.match(message, /Look for a firewall before the host, or set verify to "rules"/);
    });

    it("takes a range in which nothing listens yet, when the target's refusal came through the rule", async () => {
        const setup = fakes("h1");
        const host = setup.host("h1");
        const { network } = setup.parts;
        const connect = network.connect.bind(network);
        network.connect = (...args) => {
            host.counter = (host.counter ?? 0) + 2;
            return connect(...args);
        };
        const text = await verified(setup, video);
        for (const port of [5900, 6899, 7899]) assert.match(text, new RegExp(`${port} is refused by the target`));
    });

    it("does not take the host's own refusal for the target's", async () => {
        const setup = fakes("h1");
        assert.match(await verified(setup, video), /no packet has arrived.*0 of these packets went past/);
    });

    it("needs each of first, middle and last port", async () => {
        const setup = fakes("h1");
        setup.outside.set("h1:5900", "").set("h1:7899", "");
        assert.match(await verified(setup, video), /no packet has arrived/);
        setup.outside.set("h1:6899", "");
        assert.equal(
            await verified(setup, video),
            ["5900", "6899", "7899"].map((port) => `from where Pulumi runs, ${port} answers`).join("; "),
        );
    });
});

describe("the place that packets are sent from", () => {
    it("is the jump host where there is one", async () => {
        const setup = fakes("h1", "jump");
        setup.host("jump").services.set("h1:2022", banner);
        const connection = { host: "h1", proxy: { host: "jump" } };
        assert.equal(
            await verified(setup, { connection, ...inTime }),
            'from the jump host root@jump:22, 2022 answers "SSH-2.0-OpenSSH_9.2"',
        );
    });

    it("is the site's server as well", async () => {
        const setup = fakes("h1", "central");
        setup.context.configuration.server = () => ({ host: "central" });
        setup.host("central").services.set("h1:2022", banner);
        assert.match(await verified(setup, inTime), /^from the site's server root@central:22, 2022 answers/);
    });

    it("is the host itself where no packet can come from outside, and the text says so", async () => {
        const setup = fakes("127.0.0.1");
        setup.host("127.0.0.1").services.set(`${inside}:2022`, banner);
        const text = await verified(setup, { connection: { host: "127.0.0.1" }, ...inTime });
        assert.match(
            text,
            /answers "SSH-2\.0-OpenSSH_9\.2" as seen on root@127\.0\.0\.1:22 itself: no packet from outside/,
        );
    });

    it("is the host itself where the rule is for others' packets alone", async () => {
        const setup = fakes("h1");
        setup.host("h1").services.set(`${inside}:2022`, banner);
        assert.match(
            await verified(setup, { sourceCidrs: ["10.0.0.0/24"], ...inTime }),
            /as seen on root@h1:22 itself/,
        );
    });

    it("is none where only the rules are to be verified", async () => {
        const setup = fakes("h1");
        assert.equal(await verified(setup, { verify: "rules" }), "rules in place; no packet was asked for");
    });
});

describe("verification of udp", () => {
    it("sees on the host what the service does not answer", async () => {
        const setup = fakes("h1");
        const host = setup.host("h1");
        setup.parts.network.ask = () => {
            host.counter = (host.counter ?? 0) + 1;
            return Promise.resolve(undefined);
        };
        assert.match(
            await verified(setup, udp),
            /a datagram to 4443 went on to the target, past every filter of the host/,
        );
    });

    it("takes an answer where the service gives one", async () => {
        const setup = fakes("h1");
        setup.outside.set("h1:4443", "pong");
        assert.equal(await verified(setup, udp), "from where Pulumi runs, 4443 answers");
    });

    it("fails when no flow goes on and nothing answers", async () => {
        assert.match(await verified(fakes("h1"), udp), /no packet has arrived: .*0 of these packets went past/);
    });

    it("waits where it is the host itself that refuses", async () => {
        const setup = fakes("h1");
        setup.parts.network.ask = () => Promise.reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
        assert.match(await verified(setup, udp), /4443 is refused \(closed\)/);
    });

    it("says that it cannot know where the host has no conntrack", async () => {
        const setup = fakes("h1");
        setup.host("h1").counter = undefined;
        assert.match(await verified(setup, udp), /nothing was proved.*the host lacks conntrack/);
    });

    it("takes a refusal for the target's own where the host has let the datagram through", async () => {
        const setup = fakes("h1");
        const host = setup.host("h1");
        setup.parts.network.ask = () => {
            host.counter = (host.counter ?? 0) + 1;
            return Promise.reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
        };
        assert.match(await verified(setup, udp), /on to the target, .*; nothing listens there yet$/);
    });
});

it("a defect in verification is no timeout", async () => {
    const setup = fakes("h1");
    setup.host("h1").remote.run = () => Promise.reject(new TypeError("a defect"));
    await assert.rejects(setup.lifecycle.create(ssh("f", udp), setup.context), (error: unknown) => {
        assert.ok(error instanceof PartialFailure);
        assert.ok(!(error.cause instanceof IsardvdiError));
        return /a defect/.test(error.message);
    });
});
