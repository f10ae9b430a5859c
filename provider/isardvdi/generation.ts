import { asObject } from "../is-object";
import { IsardvdiError } from "../errors";
import type { Clock } from "../world";
import type { Call, Generation, SiteSettings } from "./api";
import type { ServerClock } from "./credentials";
import { asFailure, type Transport, TransportError } from "./transport";

export interface Found {
    generation: Generation;
    release: string;
}

const roots: Record<Generation, string> = { v4: "/api/v4/", v3: "/api/v3" };
const pauses = [500, 1500, 3000];
const action = "use";

/** Which API the server speaks, from its root document alone: the other generation's path answers a web page, with 200. */
export async function findGeneration(
    settings: SiteSettings,
    transport: Transport,
    server: ServerClock,
    clock: Clock,
    call: Call,
): Promise<Found> {
    const wanted = settings.apiGeneration;
    const order: Generation[] = wanted === "v3" ? ["v3", "v4"] : ["v4", "v3"];
    const resource = `the API at ${settings.apiUrl}`;
    let status = 0;
    for (const generation of order) {
        const answer = await patiently(
            () => transport({ method: "GET", path: roots[generation], timeoutMs: 20_000, signal: call.signal }),
            resource,
            clock,
            call,
        );
        server.observe(answer.date);
        const elsewhere = originOf(answer.location);
        if (elsewhere && elsewhere !== settings.apiUrl) throw redirected(elsewhere, resource);
        const { name, isardvdi_version } = asObject(answer.body);
        if (answer.contentType.includes("application/json") && name === "IsardVDI") {
            if (wanted !== "auto" && wanted !== generation) throw otherThanTold(wanted, generation, resource);
            return { generation, release: typeof isardvdi_version === "string" ? isardvdi_version : "" };
        }
        status = answer.status;
    }
    const isAway = status >= 500;
    throw new IsardvdiError({
        code: isAway ? "server-error" : "wrong-generation",
        action,
        resource,
        seen: isAway
            ? `the portal answers, but the API behind it does not (${status})`
            : "there is a web server, but no IsardVDI API of a known generation",
        advice: isAway
            ? "Check that the API's container (isard-apiv4, or isard-api up to release 16) runs on the server."
            : "Set isardvdi:apiUrl to the address of the IsardVDI portal.",
        property: "isardvdi:apiUrl",
        retryable: isAway,
        status,
    });
}

async function patiently<T extends { status: number }>(
    send: () => Promise<T>,
    resource: string,
    clock: Clock,
    call: Call,
): Promise<T> {
    for (const pause of [...pauses, undefined]) {
        try {
            const answer = await send();
            if (answer.status < 500 || pause === undefined) return answer;
            call.log.status(`${resource} answers ${answer.status}; trying again in ${pause / 1000} s`);
        } catch (error) {
            if (call.signal.aborted)
                throw new IsardvdiError({
                    code: "cancelled",
                    action,
                    resource,
                    seen: "the run was cancelled",
                    advice: "Nothing was changed.",
                });
            if (!(error instanceof TransportError)) throw error;
            if (pause === undefined || !error.row.retryable) throw asFailure(error, action, resource);
            call.log.status(`${error.row.seen}; trying again in ${pause / 1000} s`);
        }
        await clock.sleep(pause, call.signal).catch(() => undefined);
    }
    throw new Error("unreachable: the last pause returns or throws");
}

const originOf = (location = ""): string | undefined => (URL.canParse(location) ? new URL(location).origin : undefined);

/** The portal sends everything on port 80 to its TLS port, and a token must not travel the first way. */
function redirected(elsewhere: string, resource: string): IsardvdiError {
    return new IsardvdiError({
        code: "bad-configuration",
        action,
        resource,
        seen: `it redirects to ${elsewhere}`,
        advice: `Set isardvdi:apiUrl to ${elsewhere}.`,
        property: "isardvdi:apiUrl",
    });
}

function otherThanTold(wanted: Generation, found: Generation, resource: string): IsardvdiError {
    return new IsardvdiError({
        code: "wrong-generation",
        action,
        resource,
        seen: `isardvdi:apiGeneration is ${wanted}, but the server speaks ${found}`,
        advice: `Set isardvdi:apiGeneration to ${found} or auto.`,
        property: "isardvdi:apiGeneration",
    });
}
