import { Lab } from "../lab/lab";
import { needsLab } from "../lab/skip";
import { type Kind, goesOn } from "./gap";
import { carriesRows, type Ground, serveElsewhere } from "./matrix";
import { survives } from "./survival";

/** All that one Docker host with one kind of firewall can show, for its engine is what costs most. */
export function onDockerHost(kind: Kind): void {
    describe(`the forwards of a host with Docker and ${kind}`, function () {
        this.timeout(300_000);
        let lab: Lab | undefined;
        let there: Ground;
        const ground = (): Ground => there;
        before(needsLab);
        before(async () => {
            lab = await Lab.start();
            const [host, client] = await Promise.all([
                // images of either age, so that the manual's row arrives as well
                lab.host("h1", { docker: { hypervisorSsh: [22, 2022] }, firewall: kind }),
                lab.host("client"),
            ]);
            const [desktop] = await Promise.all([lab.host("desktop", { behind: host }), serveElsewhere(client)]);
            there = { host, client, desktop, target: (address) => address };
        });
        after(async () => await lab?.stop());

        carriesRows(ground);
        survives(kind, ground);
        // last, for what was made by hand stays
        goesOn(kind, ground);
    });
}
