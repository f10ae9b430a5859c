import assert from "node:assert/strict";
import { HYPERVISOR, rig, serviceClaims, token, type Rig } from "./client";

const API = "/api/v4/admin";
const LIST = `${API}/items/hypervisors`;

interface Exchange {
    what: string;
    method: string;
    path: string;
    body?: unknown;
    headers?: (site: Rig) => Record<string, string>;
    status: number;
    /** Parts of the answer. */
    holds?: Record<string, unknown>;
    /** Of the answer's headers. */
    header?: [name: string, value: string];
}

/** As recorded from the running v17 services: a request, and what was answered. */
const recorded: readonly Exchange[] = [
    {
        what: "a table read of nothing",
        method: "GET",
        path: `${API}/items/table/hypervisors?id=none`,
        status: 500,
        holds: { msg: "Internal server error", description: "Failed to get table items" },
    },
    {
        what: "the pools of an unknown hypervisor",
        method: "GET",
        path: `${API}/items/hypervisor/none/virt_pools`,
        status: 404,
        holds: { msg: "Not found", description_code: "not_found", description: "Hypervisor none not found" },
    },
    {
        what: "a bad body",
        method: "PUT",
        path: `${API}/item/hypervisor/hyper-1`,
        body: { enabled: "perhaps" },
        status: 400,
        holds: {
            msg: "validation_error",
            description_code: "validation_error",
            details: [
                {
                    type: "bool_type",
                    loc: ["body", "enabled"],
                    msg: "Input should be a valid boolean",
                    input: "perhaps",
                },
            ],
        },
    },
    {
        what: "Bearer without a token",
        method: "GET",
        path: LIST,
        headers: () => ({ authorization: "Bearer " }),
        status: 403,
        holds: { detail: "Not authenticated" },
    },
    {
        what: "a service token of the type register",
        method: "GET",
        path: LIST,
        headers: ({ sandbox }) => ({
            authorization: `Bearer ${token(sandbox.apiSecret, { ...serviceClaims(), type: "register" })}`,
        }),
        status: 200,
    },
    {
        what: "only_forced of a missing row",
        method: "PUT",
        path: `${API}/item/orchestrator/hypervisor/none/only_forced`,
        body: { only_forced: true },
        status: 404,
    },
    {
        what: "a deletion of an id with a slash",
        method: "DELETE",
        path: `${API}/item/hypervisor/a%2Fb`,
        status: 404,
        holds: { detail: "Not Found" },
    },
    { what: "a table read with an empty id", method: "GET", path: `${API}/items/table/hypervisors?id=`, status: 200 },
    { what: "a slash too many", method: "GET", path: `${LIST}/`, status: 307, header: ["location", LIST] },
    {
        what: "a table update with a number for an id",
        method: "PUT",
        path: `${API}/item/table/update/hypervisors`,
        body: { id: 5, a: 1 },
        status: 204,
    },
    {
        what: "a wrong verb",
        method: "PATCH",
        path: LIST,
        status: 405,
        holds: { detail: "Method Not Allowed" },
        header: ["allow", "GET"],
    },
];

describe("sandbox v4: answers as the running services gave them", () => {
    let site: Rig;
    beforeEach(async () => {
        site = await rig({ timeScale: 50 });
    });
    afterEach(() => site.sandbox.stop());

    for (const { what, method, path, body, headers, status, holds = {}, header } of recorded) {
        it(`${what}: ${status}`, async () => {
            const answer = await site.call(method, path, body, headers?.(site));
            assert.equal(answer.status, status);
            for (const [name, value] of Object.entries(holds)) assert.deepEqual(answer.row[name], value, name);
            if (header) assert.equal(answer.headers.get(header[0]), header[1]);
        });
    }

    for (const [name, value, status] of [
        ["min_free_mem_gb", null, 500],
        ["description", null, 500],
        ["only_forced", null, 500],
        ["storage_pools", null, 500],
        ["min_free_mem_gb", "4", 200],
        ["only_forced", "true", 200],
        ["orchestrator_managed", null, 200],
    ] as const) {
        it(`the list with ${JSON.stringify(value)} in ${name}: ${status}`, async () => {
            await site.call("POST", `${API}/item/hypervisor`, HYPERVISOR);
            await site.call("PUT", `${API}/item/table/update/hypervisors`, { id: "hyper-1", [name]: value });
            assert.equal((await site.call("GET", LIST)).status, status);
        });
    }

    it("shows GPUs as a list, and no nested where it is unset", async () => {
        await site.call("POST", `${API}/item/hypervisor`, HYPERVISOR);
        const [row = {}] = (await site.call("GET", LIST)).body as Record<string, unknown>[];
        assert.deepEqual([row.physical_gpus, "nested" in row], [[], false]);
    });

    it("counts a started server desktop in the list and in the row, and not in the orchestrator's view", async () => {
        await site.call("POST", `${API}/item/hypervisor`, HYPERVISOR);
        site.sandbox.host("h1").serverDesktops = 1;
        const [listed = {}] = (await site.call("GET", LIST)).body as Record<string, unknown>[];
        const { row } = await site.call("GET", `${API}/items/table/hypervisors?id=hyper-1`);
        const view = await site.call("GET", `${API}/item/orchestrator/hypervisor/hyper-1`);
        assert.deepEqual([listed.desktops_started, row.desktops_started, view.row.desktops_started], [1, 1, 0]);
        assert.deepEqual(row.gpus, []);
        await site.call("DELETE", `${API}/item/hypervisor/hyper-1`);
        assert.equal(site.sandbox.host("h1").serverDesktops, 0, "it is stopped");
    });

    it("tells a refused SSH port at once, and one that says nothing after three seconds", async () => {
        const { sandbox, call } = site;
        const waited = async (): Promise<number> => {
            const before = sandbox.clock.slept();
            assert.equal((await call("POST", `${API}/item/hypervisor`, { ...HYPERVISOR, hostname: "h2" })).status, 404);
            return sandbox.clock.slept() - before;
        };
        sandbox.host("h2").closeSsh();
        assert.equal(await waited(), 0);
    });

    it("shows a VLAN that was just registered only once its list is five seconds old", async () => {
        const { call, sandbox } = site;
        const ids = async (): Promise<unknown[]> =>
            ((await call("GET", `${API}/items/table/interfaces`)).body as Record<string, unknown>[]).map(
                ({ id }) => id,
            );
        assert.deepEqual(await ids(), []);
        await call("POST", `${API}/items/vlans`, { vlans: ["10"] });
        assert.deepEqual(await ids(), []);
        await sandbox.clock.pass(5.1);
        assert.deepEqual(await ids(), ["v10"]);
        assert.equal(sandbox.interfaces()[0]?.description, "Infrastructure vlan");
    });
});
