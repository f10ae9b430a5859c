import type * as zod from "zod";
import type { Configuration } from "./configuration";
import type { Zod } from "./resource";

/** How a host is reached over SSH, in the names of @pulumi/command. */
export interface ConnectionArgs {
    host: string;
    port?: number | undefined;
    user?: string | undefined;
    password?: string | undefined;
    privateKey?: string | undefined;
    privateKeyPassword?: string | undefined;
    agentSocketPath?: string | undefined;
    hostKey?: string | undefined;
    knownHosts?: string | undefined;
    proxy?: ConnectionArgs | undefined;
    dialErrorLimit?: number | undefined;
    perDialTimeout?: number | undefined;
    sudo?: boolean | undefined;
    insecureIgnoreHostKey?: boolean | undefined;
}

/** Defaults: port 22, user root, 10 dials of 15 seconds, host key checked against known_hosts. */
export function connectionSchema(z: Zod): zod.ZodType {
    const schema: zod.ZodType = z.strictObject({
        host: z
            .string()
            .min(1)
            .regex(/^[^-]/, "must be a name or an address, and begin with no hyphen")
            .describe("Name or address of the host."),
        port: z.int().min(1).max(65535).optional().describe("SSH port, 22 by default."),
        user: z.string().min(1).optional().describe("SSH user, root by default."),
        password: z.string().optional().describe("Password, for the login and for sudo."),
        privateKey: z
            .string()
            .optional()
            .describe(
                "Private key, PEM or OpenSSH text. Without key and password: the agent, else the keys of ~/.ssh.",
            ),
        privateKeyPassword: z.string().optional().describe("Passphrase of the private key."),
        agentSocketPath: z.string().optional().describe("Socket of an SSH agent, SSH_AUTH_SOCK by default."),
        hostKey: z
            .string()
            .optional()
            .describe(
                'The host\'s public key ("ssh-ed25519 AAAA…") or its fingerprint ("SHA256:…"); any other is refused. Several lines while a key is rotated.',
            ),
        knownHosts: z
            .string()
            .optional()
            .describe(
                "Path of a known_hosts file, by default the user's own and the system's; @cert-authority lines are not used.",
            ),
        proxy: z
            .lazy(() => schema)
            .optional()
            .describe("A jump host, itself a connection; any number of hops, each verified."),
        dialErrorLimit: z.int().min(0).optional().describe("Dials before giving up, 10 by default."),
        perDialTimeout: z.int().min(1).optional().describe("Seconds for one dial, 15 by default."),
        sudo: z.boolean().optional().describe("Whether commands run through sudo, false by default."),
        insecureIgnoreHostKey: z.boolean().optional().describe("Accepts any host key, false by default."),
    });
    return schema;
}

/** The connection itself, or the configuration's by its name. */
export const connectionOf = (connection: string | ConnectionArgs, configuration: Configuration): ConnectionArgs =>
    typeof connection === "string" ? configuration.connection(connection) : connection;
