import { strict as assert } from "node:assert";
import { definition } from "../../provider/port-forward/schema";
import { amissKey, changes } from "../../provider/property/changes";
import { PartialFailure, type Values } from "../../provider/resource";
import { traces } from "../firewall/harness";
import type { Firewall } from "../lab/firewall";
import type { LabHost } from "../lab/host";
import { Lab } from "../lab/lab";
import { SILENCE_MS } from "../lab/packets";
import { needsLab } from "../lab/skip";
import { forward, openSite, through } from "./site";

/** How somebody takes Docker's accept away on each kind of host; firewalld's own iptables needs none. */
const disturbances: Record<Exclude<Firewall, "none" | "nftables">, string> = {
    "iptables-nft": "iptables -F DOCKER-USER && iptables -A DOCKER-USER -j RETURN",
    "iptables-legacy": "iptables -F DOCKER-USER && iptables -A DOCKER-USER -j RETURN",
    "firewalld-nftables": "firewall-cmd --quiet --direct --remove-rules ipv4 filter DOCKER-USER",
    "firewalld-iptables": "firewall-cmd --quiet --direct --remove-rules ipv4 filter DOCKER-USER",
};
const banner = /^SSH-2\.0-/;

/** All that forwards on a real host do over real SSH, with one kind of firewall. */
export function forwardsOverSsh(firewall: keyof typeof disturbances): void {
    const disturbance = disturbances[firewall];
    describe(`a port forward over SSH on a host with Docker and ${firewall}`, function () {
        this.timeout(300_000);
        let lab: Lab;
        let host: LabHost;
        let client: LabHost;
        let site: ReturnType<typeof openSite>;
        before(needsLab);
        before(async () => {
            lab = await Lab.start();
            [host, client] = await Promise.all([lab.host("h1", { docker: true, firewall }), lab.host("client")]);
            site = openSite({ h1: await through(client, host) });
        });
        after(async () => {
            await site?.close();
            await lab?.stop();
        });
        const isOpen = async (port = 2022): Promise<boolean> =>
            banner.test((await client.tcp(host.address, port)).text);
        const isSilent = async (port = 2022): Promise<boolean> =>
            (await client.tcp(host.address, port, { timeoutMs: SILENCE_MS })).text === "";
        const settled = (state: Values, inputs: Values): void =>
            assert.deepEqual([changes(definition, state, inputs), state[amissKey]], [[], undefined]);

        it("is created, read, changed, repaired and deleted, as packets tell, and leaves no trace", async () => {
            const { lifecycle, context, lines } = site;
            const before = await traces(host);
            assert.ok(await isSilent());

            const program = forward("ssh");
            const foreseen = await lifecycle.foresee?.(program, undefined, context);
            assert.match(
                lines.map(({ message }) => message).join("\n"),
                /nothing of this forward yet; up puts in: .*\. \w+ is used: /,
            );
            const { id, state } = await lifecycle.create(program, context);
            assert.equal(await isOpen(), true);
            assert.match(String(state["verified"]), /^from the jump host .*, 2022 answers "SSH-2\.0-/);
            assert.equal(state["machineId"], (await host.must("cat /etc/machine-id")).trim());
            if (state["backendUsed"] === "iptables") assert.deepEqual(state["rules"], foreseen?.["rules"]);
            settled(state, program);

            const read = (await lifecycle.read(id, state, context)) ?? {};
            assert.deepEqual(read, state);

            const moved = forward("ssh", { port: 2222, toPort: 2022 });
            const updated = await lifecycle.update(id, read, moved, context);
            settled(updated, moved);
            assert.deepEqual(await Promise.all([isOpen(2222), isSilent()]), [true, true]);

            await host.must(disturbance);
            assert.ok(await (firewall === "firewalld-iptables" ? isOpen(2222) : isSilent(2222)));
            // another run, for this one has just looked
            const next = openSite({ h1: await through(client, host) });
            try {
                const drifted = (await next.lifecycle.read(id, updated, next.context)) ?? {};
                assert.match(JSON.stringify(drifted[amissKey]), /DOCKER-USER/);
                const repaired = await next.lifecycle.update(id, drifted, moved, next.context);
                settled(repaired, moved);
                assert.equal(await isOpen(2222), true);
                await next.lifecycle.delete(id, repaired, next.context);
                assert.ok(await isSilent(2222));
                await next.lifecycle.delete(id, repaired, next.context);
            } finally {
                await next.close();
            }
            assert.equal(await traces(host), before);
        });

        it("goes to a closed port as the manual has it: the error says which one answers, and the next up goes on", async () => {
            const { lifecycle, context } = site;
            const failure = await lifecycle.create(forward("manual", { toPort: 22 }), context).then(
                () => assert.fail("it cannot be verified"),
                (error: unknown) => error,
            );
            assert.ok(failure instanceof PartialFailure, String(failure));
            assert.match(failure.message, /172\.31\.255\.17 answers on 2022 instead \("SSH-2\.0.*Set toPort to 2022/);
            const updated = await lifecycle.update(failure.id, failure.state, forward("manual"), context);
            assert.match(String(updated["verified"]), /SSH-2\.0/);
            assert.equal(await isOpen(), true);
            await lifecycle.delete(failure.id, updated, context);
        });

        it("for a single source is proved from there, and for another's by the target's answer to the host", async () => {
            const { lifecycle, context } = site;
            for (const [source, verified] of [
                [client.address, /^from the jump host .*, 2022 answers "SSH-2\.0-/],
                ["192.0.2.7", /^rules in place; .* as seen on .* itself: no packet from outside/],
            ] as const) {
                const program = forward("narrow", { sourceCidrs: [source] });
                const { id, state } = await lifecycle.create(program, context);
                assert.match(String(state["verified"]), verified);
                settled(state, program);
                assert.deepEqual(await lifecycle.read(id, state, context), state);
                assert.ok(await (source === client.address ? isOpen() : isSilent()));
                await lifecycle.delete(id, state, context);
            }
        });

        it("of a range, of the queue and of the tunnel are proved, all in one transaction", async () => {
            const { lifecycle, context } = site;
            const programs = [
                forward("video", { port: "5900-6200", toPort: "5900-6200" }),
                forward("queue", { port: 6379, toAddress: "172.31.255.12" }),
                forward("tunnel", { protocol: "udp", port: 4443, toAddress: "172.31.255.23" }),
            ];
            const made = await Promise.all(programs.map((program) => lifecycle.create(program, context)));
            const [video, queue, tunnel] = made.map(({ state }) => String(state["verified"]));
            for (const port of [5900, 6050, 6200]) assert.match(video ?? "", new RegExp(`${port} answers "${port}"`));
            assert.match(queue ?? "", /6379 answers/);
            assert.match(tunnel ?? "", /4443 answers/);
            const said = await Promise.all([5900, 6050, 6200].map((port) => client.tcp(host.address, port)));
            assert.equal(said.map(({ text }) => text).join(""), "5900\n6050\n6200\n");
            assert.equal(await client.udp(host.address, 4443, "ping"), "ping");
            await Promise.all(made.map(({ id, state }) => lifecycle.delete(id, state, context)));
            assert.deepEqual(await Promise.all([5900, 6379].map(isSilent)), [true, true]);
        });
    });
}
