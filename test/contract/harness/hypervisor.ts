import { strict as assert } from "node:assert";
import { reference } from "../../../sdk/reference";
import type { LoggedRequest, Sandbox } from "../../../sandbox";
import { RpcError, type Values } from "./rpc";
import { urnOf } from "./urn";

/** A hypervisor's inputs as the SDK class sends them. */
export const inputs = (name: string, more: Values = {}): Values => ({
    __provider: reference("hypervisor"),
    __urn: urnOf("Hypervisor", name),
    hyperId: name,
    hostname: name,
    kvmModule: "intel",
    ...more,
});

/** Stack configuration that leads to a sandbox. */
export const configOf = (sandbox: Sandbox): Record<string, string> => ({
    "isardvdi:apiUrl": sandbox.apiUrl,
    "isardvdi:apiSecret": sandbox.apiSecret,
});

/** The API calls that change something; v3 reads its tables with a POST. */
export const writing = (sandbox: Sandbox): LoggedRequest[] =>
    sandbox.requests.filter(
        ({ method, path }) => method !== "GET" && !(method === "POST" && /\/admin\/table\/[a-z]+$/.test(path)),
    );

/** The same as "METHOD path", without the generation's prefix. */
export const writes = (sandbox: Sandbox): string[] =>
    writing(sandbox).map(({ method, path }) => `${method} ${path.replace(/^\/api\/v\d\//, "")}`);

/** The failure of a call that must fail. */
export async function failed(call: Promise<unknown>): Promise<RpcError> {
    const error = await call.then(
        () => undefined,
        (each: unknown) => each,
    );
    assert.ok(error instanceof RpcError, `it must fail with an answer: ${String(error)}`);
    return error;
}

/** What hangs says so before mocha ends the test; no test is about how long something takes. */
const hang = 55_000;

export async function until(condition: () => boolean): Promise<void> {
    const end = Date.now() + hang;
    while (!condition()) {
        if (Date.now() > end) throw new Error(`it never came to be: ${condition.toString()}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}

/** Something to wait for that a test lets happen. */
export function gate(): { opened: Promise<void>; open: () => void } {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    return { opened, open: () => open() };
}
