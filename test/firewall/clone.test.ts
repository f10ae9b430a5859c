import { strict as assert } from "node:assert";
import { isOneMachine } from "../../provider/remote/one-machine";
import { systemClock } from "../../provider/world";
import { Lab } from "../lab/lab";
import { needsLab } from "../lab/skip";
import { testWorld } from "../world/world";
import { DirectRemote } from "./harness";

describe("two hosts with one machine-id", function () {
    this.timeout(60_000);
    let lab: Lab | undefined;
    before(needsLab);
    after(async () => await lab?.stop());

    it("are told apart by what is written through one way and looked for through the other", async () => {
        lab = await Lab.start();
        const [one, clone] = await Promise.all([lab.host("one"), lab.host("clone")]);
        await clone.must("cat >/etc/machine-id", { input: await one.must("cat /etc/machine-id") });
        const world = testWorld(systemClock);
        assert.equal(await isOneMachine(new DirectRemote(one), new DirectRemote(clone), world), false);
        assert.equal(await isOneMachine(new DirectRemote(one), new DirectRemote(one), world), true);
        assert.equal(await one.must("ls /tmp | grep pulumi-isardvdi || true"), "", "nothing of ours is left");
    });
});
