import { strict as assert } from "node:assert";
import { foresee } from "../../../provider/diagnosis";
import { precheck } from "../../../provider/hypervisor/explain";
import { systemClock, type World } from "../../../provider/world";
import { testWorld } from "../../world/world";
import { PlayedMachine } from "./machines";
import { healthy, serverCommands, type Site } from "./world";

const named = async (change: Partial<Site>, hostname = "h1.example.org"): Promise<string | undefined> => {
    const server = new PlayedMachine(serverCommands({ ...healthy(), ...change }));
    const subject = { hyperId: "hyper-01", hostname };
    const finding = await foresee(subject, { remote: server }, testWorld(systemClock));
    return finding && `${finding.step}/${finding.cause}`;
};
const refused = { dial: "bash: connect: Connection refused\n code 1" };

/** Pauses between looks pass at once; a look's own limit is life's. */
const hasty: World["clock"] = {
    now: () => systemClock.now(),
    sleep: (ms, signal) => systemClock.sleep(ms <= 8000 ? 0 : ms, signal),
};

describe("what a server says of a registration that has not been made", () => {
    it("is nothing where name, port and key are there, also with another host key", async () => {
        assert.equal(await named({}), undefined);
        assert.equal(await named({ offeredKey: "ssh-rsa AAAAB3NzaOther" }), undefined);
    });

    it("names what would fail it", async () => {
        assert.equal(await named({ addresses: [] }), "dns/unresolved");
        assert.equal(await named({ addresses: ["127.0.1.1"] }), "dns/loopback");
        assert.equal(await named(refused), "ssh/refused");
        assert.equal(await named({ dial: " code 124" }), "ssh/timeout");
        assert.equal(await named({ engineKey: undefined }), "key/engine-without-key");
    });

    it("is nothing of a container beside it, whose name only its own network knows", async () => {
        assert.equal(await named(refused, "isard-hypervisor"), undefined);
    });

    it("lets nothing be taken out of service: an error says so, and a port is given its time", async () => {
        const world = testWorld(hasty);
        const tried = async (change: Partial<Site>): Promise<unknown> => {
            const server = new PlayedMachine(serverCommands({ ...healthy(), ...change }));
            const subject = { hyperId: "hyper-01", hostname: "h1.example.org" };
            const check = precheck("hyper-01", (own) => foresee(subject, { remote: server }, own));
            return await check(world).then(
                () => undefined,
                (error: unknown) => error,
            );
        };
        assert.match(
            String(await tried({ addresses: [] })),
            /Unable to register hypervisor "hyper-01": the server finds no address for h1\.example\.org\. .*in service as it was/,
        );
        assert.equal(world.lines.length, 0, "a name does not come by itself");
        assert.match(String(await tried(refused)), /h1\.example\.org:2022 refuses, asked by the server\. /);
        assert.equal(world.lines.filter(({ message }) => /looking again in/.test(message)).length, 4);
    });
});
