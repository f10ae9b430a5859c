import type { Configuration } from "../configuration";
import { type ConnectionArgs, connectionSchema } from "../connection";
import { IsardvdiError } from "../errors";
import { describeIssue } from "../property/messages";
import type { Property } from "../resource";

/** The connection that a resource names, or gives itself; one from the configuration is checked here. */
export async function resolveConnection(
    connection: string | ConnectionArgs,
    configuration: Configuration,
): Promise<ConnectionArgs> {
    if (typeof connection !== "string") return connection;
    const { z } = await import("zod");
    const value = typed(configuration.connection(connection));
    const key = `isardvdi:connections.${connection}`;
    const parsed = connectionSchema(z).safeParse(value);
    if (parsed.success) return parsed.data as ConnectionArgs;
    // every part of a connection may be a secret, so no value is shown
    const reasons = parsed.error.issues.map((issue) => describeIssue(key, issue, value, hidden).reason);
    throw new IsardvdiError({
        code: "bad-configuration",
        action: "use",
        resource: `the connection "${connection}"`,
        seen: reasons.join(" ").replace(/\.$/, ""),
        advice: `Set it with "pulumi config set --path '${key}.host' h1.example.org".`,
        property: "connection",
    });
}

const hidden = { secret: true } as Property;
const numbers = new Set(["port", "dialErrorLimit", "perDialTimeout"]);
const flags = new Set(["sudo", "insecureIgnoreHostKey"]);

/** Configuration carries numbers and flags as text, and a password of digits as a number. */
function typed(value: unknown): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, part(name, each)]));
}

function part(name: string, value: unknown): unknown {
    if (name === "proxy") return typed(value);
    if (numbers.has(name)) return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    if (flags.has(name)) return value === "true" ? true : value === "false" ? false : value;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}
