import { strict as assert } from "node:assert";
import { typescriptExample } from "./harness/example";
import { Site } from "./harness/site";

describe("the quickstart against a site whose hosts nobody can log in to", function () {
    this.timeout(300_000);
    let site: Site;
    before(async () => {
        site = await Site.start();
    });
    after(async () => await site?.stop());

    it("leaves the forwards out and says so in one line", async () => {
        const stack = await site.stack();
        typescriptExample("quickstart", stack);
        const { output } = await stack.deploy();
        assert.match(output, /no isardvdi:connections: the ports of the hosts must be open already/);
        assert.deepEqual(stack.state("PortForward"), {});
        for (const id of ["h1", "h2"]) assert.equal(site.row(id)?.["status"], "Online");
    });
});
