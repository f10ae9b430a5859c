import { asObject } from "../is-object";
import { IsardvdiError, isCode } from "../errors";
import type { Clock } from "../world";
import type { Answer } from "./answers";
import type { Call, Generation, HypervisorRecord, IsardApi, RegistrationAnswer } from "./api";
import { type Body, changeBody, registrationBody } from "./bodies";
import { enrolmentOf, publicKey } from "./enrolment";
import { endpoints, type Purpose } from "./endpoints";
import { Listing } from "./listing";
import { hypervisorFields, recordOf } from "./hypervisor-fields";
import type { Requester } from "./requester";

/** The administration API of one site, over a requester that knows its generation. */
export function siteApi(generation: Generation, release: string, request: Requester, clock: Clock): IsardApi {
    const send = (
        purpose: Purpose,
        id: string,
        call: Call,
        body?: Body,
        resource = `hypervisor "${id}"`,
    ): Promise<Answer> => {
        const endpoint = endpoints[generation][purpose];
        if (!endpoint) throw unsupported(purpose, resource, generation);
        return request(endpoint, id, resource, call, body);
    };
    const list = async (call: Call): Promise<HypervisorRecord[]> =>
        array((await send("list", "", call, undefined, "the hypervisors")).body).map(recordOf);
    const listing = new Listing<Map<string, HypervisorRecord>>(
        clock,
        async (call) => new Map((await list(call)).map((each) => [each.hyperId, each])),
    );
    const vlans = async (call: Call): Promise<number[]> =>
        array((await send("interfaces", "", call, generation === "v3" ? { json: {} } : undefined, "the site")).body)
            .map((row) => /^v(\d+)$/.exec(String(asObject(row)["id"])))
            .flatMap((match) => (match ? [Number(match[1])] : []))
            .sort((a, b) => a - b);
    const vlanListing = new Listing(clock, vlans);
    let hasSaidListFails = false;

    const single = (row: unknown): HypervisorRecord => {
        const record = recordOf(row);
        return { ...record, owner: record.owner ?? "" };
    };
    const find = async (hyperId: string, call: Call): Promise<HypervisorRecord | undefined> => {
        if (generation === "v3") {
            const { body } = await send("row", hyperId, call, { json: { id: hyperId } });
            return body === null || body === undefined ? undefined : single(body);
        }
        // v4's table read of a missing id is a plain 500, so existence is asked where a 404 says it
        const view = await send("orchestrator", hyperId, call).catch(missing);
        if (!view) return undefined;
        const row = await send("row", hyperId, call).catch(async (error: unknown) => {
            if (!isCode(error, "server-error") || (await send("orchestrator", hyperId, call).catch(missing)))
                throw error;
            return undefined;
        });
        return row && single(row.body);
    };
    const written = async (writing: Promise<unknown>): Promise<void> => {
        try {
            await writing;
        } finally {
            listing.drop();
            vlanListing.drop();
        }
    };

    return {
        generation,
        release,
        list,
        find,
        async findListed(hyperId, call) {
            try {
                return (await listing.get(call)).get(hyperId);
            } catch (error) {
                if (!isCode(error, "server-error")) throw error;
                if (!hasSaidListFails)
                    call.log.warn(
                        "The site cannot list its hypervisors (one malformed row is enough): each is read by itself",
                    );
                hasSaidListFails = true;
                return find(hyperId, call);
            }
        },
        async register(registration, call): Promise<RegistrationAnswer> {
            let answer: RegistrationAnswer | undefined;
            await written(
                send("register", registration.hyperId, call, registrationBody(generation, registration)).then(
                    ({ body }) => (answer = registrationAnswer(body)),
                ),
            );
            return answer ?? registrationAnswer(undefined);
        },
        setEnabled(hyperId, enabled, call, owner) {
            // v3's own endpoint takes any text for true, "False" included
            if (owner !== undefined || (generation === "v3" && !enabled)) {
                const change = { enabled, ...(owner !== undefined && { owner }) };
                return written(send("change", hyperId, call, changeBody(hyperId, change)));
            }
            const body: Body = generation === "v3" ? { form: { enabled: "true" } } : { json: { enabled } };
            return written(send("enable", hyperId, call, body));
        },
        change: (hyperId, change, call) => written(send("change", hyperId, call, changeBody(hyperId, change))),
        async setVirtPools(hyperId, virtPools, call) {
            const before = (await find(hyperId, call))?.virtPools ?? [];
            // a pool can be enabled only when it is available, which is the row's business
            await written(send("change", hyperId, call, { json: { id: hyperId, virt_pools: virtPools } }));
            const added = virtPools
                .filter((pool) => !before.includes(pool))
                .map((id) => ({ id, enable_virt_pool: true }));
            const left = before.filter((pool) => !virtPools.includes(pool));
            for (const pool of added) await written(send("virtPool", hyperId, call, { json: pool }));
            // a pool that is no longer available cannot be disabled by its endpoint
            if (left.length > 0)
                await written(send("change", hyperId, call, { json: { id: hyperId, enabled_virt_pools: virtPools } }));
        },
        remove: (hyperId, call) => written(send("delete", hyperId, call)),
        async desktopsStarted(hyperId, call) {
            // the orchestrator's view leaves servers out, and a deletion stops them as well
            const row = await find(hyperId, call);
            if (!row) return 0;
            if (row.desktopsStarted !== undefined) return row.desktopsStarted;
            const listed = (await list(call)).find((each) => each.hyperId === hyperId);
            if (listed?.desktopsStarted !== undefined) return listed.desktopsStarted;
            throw new IsardvdiError({
                code: "unexpected-answer",
                action: "count the desktops of",
                resource: `hypervisor "${hyperId}"`,
                seen: "neither its record nor the list says how many have started",
                advice: 'Look at the server\'s release, or set deletion.policy to "force", which stops them uncounted.',
                property: "deletion",
            });
        },
        async engineRuns(call) {
            try {
                const { text } = await send("engine", "", call, undefined, "the site");
                return /^"?ok"?$/i.test(text.trim()) ? true : undefined;
            } catch (error) {
                // it may not be for us to ask; only what says that it is away is no engine
                if (isCode(error, "not-ready", "server-error", "unreachable", "timeout")) return false;
                if (isCode(error, "unauthorized", "forbidden", "not-found", "wrong-generation")) return undefined;
                throw error;
            }
        },
        vlans: (call, options) => (options?.listed ? vlanListing.get(call) : vlans(call)),
        registerVlans: async (numbers, call) => {
            const body = { json: { vlans: numbers.map(String) } };
            await written(send("vlans", "", call, body, "the site"));
        },
    };
}

const array = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function missing(error: unknown): undefined {
    if (isCode(error, "not-found")) return undefined;
    throw error;
}

/** The one public part of the certificates, and the mode; the rest of the answer is private keys, kept closed. */
function registrationAnswer(body: unknown): RegistrationAnswer {
    const { certs: given, vpn } = asObject(body);
    const certs = asObject(given);
    return {
        mode: hypervisorFields.vpn.codec.read(vpn).mode,
        enginePublicKey: publicKey(certs["id_rsa.pub"]),
        enrolment: enrolmentOf(certs),
    };
}

function unsupported(purpose: Purpose, resource: string, generation: Generation): IsardvdiError {
    return new IsardvdiError({
        code: "unsupported",
        action: purpose === "vlans" ? "register the VLANs of" : "change",
        resource,
        seen: `the ${generation} API has no call for it`,
        advice: "Leave vlans out, or upgrade the site to release 17 or later.",
        property: purpose,
    });
}
