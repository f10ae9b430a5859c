import { strict as assert } from "node:assert";
import type { ConnectionArgs } from "../../../provider/connection";
import { asking, closeAll, failureOf, remotesWith } from "./asking";
import { newKey, type ServerOptions, TestServer } from "./server";

describe("jump hosts", function () {
    this.timeout(30_000);
    const servers: TestServer[] = [];
    afterEach(async () => {
        await closeAll();
        for (const server of servers.splice(0)) await server.stop();
    });
    async function hops(...options: ServerOptions[]): Promise<TestServer[]> {
        for (const each of options) servers.push(await TestServer.start(each));
        return servers;
    }
    /** The last one, through all before it. */
    const through = (chain: readonly TestServer[], changes: Partial<ConnectionArgs>[] = []): ConnectionArgs =>
        chain.reduce<ConnectionArgs | undefined>(
            (proxy, server, index) => ({ ...server.connection, dialErrorLimit: 1, ...changes[index], proxy }),
            undefined,
        ) as ConnectionArgs;

    it("are passed one after the other, and serve many machines over one connection each", async () => {
        const chain = await hops({ forwards: true }, { forwards: true }, {});
        const other = await TestServer.start();
        servers.push(other);
        const remotes = remotesWith();
        const [first, second, last] = chain as [TestServer, TestServer, TestServer];
        const results = await Promise.all([
            remotes.open(through([first, second, last])).run("echo last", asking()),
            remotes.open(through([first, second, other])).run("echo other", asking()),
            remotes.open(through([first, second])).run("echo second", asking()),
        ]);
        assert.deepEqual(
            results.map(({ stdout }) => stdout),
            ["last\n", "other\n", "second\n"],
        );
        assert.deepEqual(
            servers.map(({ connections }) => connections),
            [1, 1, 1, 1],
        );
    });

    it("may never say whether they open the way: the dial's own limit ends that", async () => {
        const chain = await hops({ isSilent: true }, {});
        await failureOf(
            remotesWith()
                .open(through(chain, [{}, { perDialTimeout: 1 }]))
                .run("true", asking()),
            "ssh-unreachable",
            /nothing answered within 1 s/,
        );
    });

    it("are each verified: a wrong key at any hop is refused there, and nothing goes on", async () => {
        for (const wrong of [0, 1, 2]) {
            const chain = await hops({ forwards: true }, { forwards: true }, {});
            const changes = chain.map((_, index) => (index === wrong ? { hostKey: newKey().public } : {}));
            await failureOf(
                remotesWith().open(through(chain, changes)).run("true", asking()),
                "host-key",
                new RegExp(`Unable to reach root@127\\.0\\.0\\.1:${chain[wrong]?.port}: .*not the pinned hostKey`),
            );
            assert.deepEqual(
                chain.map(({ connections }) => connections),
                [0, 1, 2].map((index) => (index <= wrong ? 1 : 0)),
            );
            assert.ok(!chain[wrong]?.logins.length, "it logged in");
            await closeAll();
            for (const server of servers.splice(0)) await server.stop();
        }
    });

    it("that refuse to forward are named with what they refused", async () => {
        const chain = await hops({ forwards: true }, { forwards: false }, {});
        await failureOf(
            remotesWith().open(through(chain)).run("true", asking()),
            "ssh-unreachable",
            new RegExp(`Unable to reach root@127\\.0\\.0\\.1:${chain[2]?.port}: the jump host cannot connect to it`),
        );
    });

    it("that refuse the login are named", async () => {
        const chain = await hops({ forwards: true }, {});
        await failureOf(
            remotesWith()
                .open(through(chain, [{ privateKey: newKey().private }]))
                .run("true", asking()),
            "unauthorized",
            new RegExp(`Unable to reach root@127\\.0\\.0\\.1:${chain[0]?.port}: the login was refused`),
        );
    });

    it("are dialled again when they were lost", async () => {
        const chain = await hops({ forwards: true }, {});
        const remote = remotesWith().open(through(chain, [{}, { dialErrorLimit: 3 }]));
        await remote.run("true", asking());
        chain[0]?.dropAll();
        await new Promise((resolve) => setTimeout(resolve, 100));
        assert.equal((await remote.run("echo again", asking())).stdout, "again\n");
        assert.deepEqual(
            chain.map(({ connections }) => connections),
            [2, 2],
        );
    });
});
