import { startSandbox } from "../sandbox";
import { Lab } from "../test/lab/lab";
import { obstacle } from "../test/lab/packages";
import { instantEngine } from "./engine";
import type { Options } from "./options";
import type { ProgramName } from "./programs";
import { atMost, median, type Row } from "./row";
import { Workspace } from "./workspace";

/** Resources of one host: its hypervisor and what is forwarded to it. */
const perHost = 10;

/** `up` of a whole site in which nothing has changed, against as many empty dynamic resources. */
export async function unchanged({ hosts, runs }: Options): Promise<Row[]> {
    const why = obstacle();
    if (why) {
        process.stderr.write(`  left out, for the lab cannot be used here: ${why}\n`);
        return [];
    }
    const lab = await Lab.start();
    const sandbox = await startSandbox({ hosts: ["host"], timeScale: 1000 });
    const stopEngine = instantEngine(sandbox);
    const host = await lab.host("bench");
    const workspace = new Workspace(hosts * perHost, {
        ISARDVDI_API_URL: sandbox.apiUrl,
        ISARDVDI_API_SECRET: sandbox.apiSecret,
        ISARDVDI_CONNECTIONS: JSON.stringify({ host: await host.connection() }),
    });
    const up = async (program: ProgramName, ...flags: string[]): Promise<number> =>
        (await workspace.pulumi(program, "up", "--yes", "--skip-preview", "--stack", "site", ...flags)).seconds;
    const seconds: Record<"site" | "plain", number[]> = { site: [], plain: [] };
    try {
        for (const name of ["plain", "site"] as const) {
            await workspace.pulumi(name, "stack", "init", "site");
            await up(name);
        }
        const before = sandbox.requests.length;
        for (let round = 1; round <= runs; round += 1)
            for (const name of ["plain", "site"] as const) seconds[name].push(await up(name, "--expect-no-changes"));
        const requests = sandbox.requests.length - before;
        return [
            atMost(2, {
                what: `up with nothing to change, ${hosts} hosts × ${perHost} / ${hosts * perHost} empty dynamic resources`,
                value: median(seconds.site) / median(seconds.plain),
                unit: "",
                digits: 2,
                detail: { siteSeconds: seconds.site, plainSeconds: seconds.plain, requests },
            }),
        ];
    } finally {
        stopEngine();
        workspace.close();
        await sandbox.stop();
        await lab.stop();
    }
}
