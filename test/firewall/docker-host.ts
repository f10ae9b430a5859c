import { strict as assert } from "node:assert";
import { openFirewall } from "../../provider/firewall";
import { Lab } from "../lab/lab";
import { needsEngine } from "../lab/skip";
import { startsBeforeDocker } from "./boot";
import type { Engines } from "./engines";
import { type Kind, goesOn } from "./gap";
import { callWith, change, DirectRemote, ssh, traces, withoutBackups } from "./harness";
import { carriesRows, type Ground, serveElsewhere } from "./matrix";
import { goesOnWithLiveRestore } from "./live-restore";
import { passesWhatDockerDrops } from "./unpublished";
import { asksDocker } from "./uplink";
import { survives } from "./survival";

/** What is not confirmed goes as it came, Docker's own rules included. */
export function takesBack(ground: () => Ground): void {
    it("are taken back where nobody confirms them", async () => {
        const { host } = ground();
        const remote = new DirectRemote(host);
        const before = await traces(host);
        remote.before = (script, isAnew) => {
            if (isAnew && script.includes("echo kept")) throw new Error("no connection");
        };
        const lost = change("lost", ssh, { rollbackSeconds: 5 });
        await assert.rejects(openFirewall().apply(remote, [lost], callWith()), /has rolled the change back/);
        assert.deepEqual(withoutBackups(await traces(host)), withoutBackups(before));
    });
}

/** A published port is Docker's, whoever's forward wants it: never taken over, and told by its container's name. */
function namesContainers(ground: () => Ground): void {
    it("are refused for a port that a container publishes, with its name, and nothing of it is touched", async () => {
        const { host } = ground();
        const remote = new DirectRemote(host);
        await host.must(
            "docker run -d --name a-web-server -p 3022:80 --network isard-network --ip 172.31.255.99 -v /usr:/usr:ro services /usr/bin/sleep 1000",
        );
        const before = await traces(host);
        for (const forward of [
            { ...ssh, from: 3022, to: 3022, toPort: 22 },
            // equal to what Docker itself has made
            { ...ssh, from: 3022, to: 3022, toPort: 80, toAddress: "172.31.255.99" },
        ]) {
            const { refused } = await openFirewall().apply(remote, [change("a", forward, { adopt: true })], callWith());
            assert.match(
                refused.get("a")?.message ?? "",
                /Docker has a rule .* of the container a-web-server at 172\.31\.255\.99\. Change the port/,
            );
            assert.equal(await traces(host), before);
        }
        const { foreign } = await openFirewall().inspect(remote, "auto", callWith());
        assert.deepEqual(
            foreign.map(({ program }) => program),
            ["Docker"],
        );
        await host.must("docker rm -f a-web-server");
    });
}

/** What one Docker host with one kind of firewall can show, for its engine is what costs most. */
export function onDockerHost(kind: Kind, { name, docker }: Engines, isWhole: boolean): void {
    describe(`the forwards of a host with Docker ${name} and ${kind}`, function () {
        this.timeout(300_000);
        let lab: Lab | undefined;
        let there: Ground;
        const ground = (): Ground => there;
        before(needsEngine(docker.engine));
        before(async () => {
            lab = await Lab.start();
            const [host, client] = await Promise.all([
                // images of either age, so that the manual's row arrives as well
                lab.host("h1", { docker: { ...docker, hypervisorSsh: [22, 2022] }, firewall: kind }),
                lab.host("client"),
            ]);
            const [desktop] = await Promise.all([lab.host("desktop", { behind: host }), serveElsewhere(client)]);
            there = { host, client, desktop, target: (address) => address };
        });
        after(async () => await lab?.stop());

        namesContainers(ground);
        if (kind === "iptables-nft") {
            asksDocker(ground);
            passesWhatDockerDrops(ground, docker.engine);
            goesOnWithLiveRestore(ground, docker.daemon);
        }
        carriesRows(ground, isWhole ? undefined : ["a host by the manual"]);
        takesBack(ground);
        survives(kind, ground);
        if (kind.startsWith("iptables")) startsBeforeDocker(ground);
        // last, for what was made by hand stays
        goesOn(kind, ground);
    });
}
