import type * as zod from "zod";
import type { Configuration } from "./configuration";
import { pinsIn, samePins } from "./public-key";
import type { Zod } from "./resource";
import { withSshConfig } from "./ssh-config/apply";

/** How a host is reached over SSH, in the names of @pulumi/command. */
export interface ConnectionArgs {
    host: string;
    port?: number | undefined;
    user?: string | undefined;
    password?: string | undefined;
    privateKey?: string | undefined;
    privateKeyPassword?: string | undefined;
    agentSocketPath?: string | undefined;
    identity?: string | undefined;
    hostKey?: string | undefined;
    knownHosts?: string | undefined;
    proxy?: ConnectionArgs | undefined;
    dialErrorLimit?: number | undefined;
    perDialTimeout?: number | undefined;
    sudo?: boolean | undefined;
    insecureIgnoreHostKey?: boolean | undefined;
    sshConfig?: boolean | undefined;
}

const hostKeyForms =
    'Write it as "ssh-ed25519 AAAA…", as in the host\'s /etc/ssh/ssh_host_ed25519_key.pub, as a line of known_hosts or of ssh-keyscan, or as "SHA256:…"';

/** A connection as it is dialled: with what ~/.ssh/config adds to it. */
export interface ResolvedConnection extends ConnectionArgs {
    /** In place of the usual key files. */
    identityFiles?: readonly string[] | undefined;
    /** No other key of the agent than those of the files. */
    identitiesOnly?: boolean | undefined;
    /** What of the file was left out, for the message when the host cannot be reached. */
    notes?: readonly string[] | undefined;
}

/** What was seen, and what to do; the text itself is not shown. */
export type TextMistake = readonly [seen: string, advice: string];

/** Mistakes in texts of a connection that can be told without a host: so far as that, a preview tells them. */
export const textMistakes: { [Name in keyof ConnectionArgs]?: (text: string) => TextMistake | undefined } = {
    hostKey: (text) => (pinsIn(text) ? undefined : ["is no public key and no fingerprint", hostKeyForms]),
    privateKey: (text) =>
        text.includes("-----BEGIN ") && text.includes("\\n")
            ? [
                  'has "\\n" written out where its line breaks belong',
                  'Give the text of the file as it is, or replace each "\\n" by a line break',
              ]
            : /^\s*(ssh|ecdsa|sk)-\S+ AAAA/.test(text)
              ? ["is a public key", "Give the text of the private one, the file without .pub"]
              : undefined,
};

/** Defaults: port 22, user root, 10 dials of 15 seconds, host key checked against known_hosts. */
export function connectionSchema(z: Zod): zod.ZodType<ConnectionArgs> {
    const text = (name: keyof ConnectionArgs) =>
        z.string().superRefine((value, context) => {
            const mistake = textMistakes[name]?.(value);
            if (mistake) context.addIssue({ code: "custom", message: mistake.join(". ") });
        });
    const schema: zod.ZodType<ConnectionArgs> = z.strictObject({
        host: z
            .string()
            .min(1)
            .regex(/^[^-]/, "must be a name or an address, and begin with no hyphen")
            .describe("Name or address of the host."),
        port: z.int().min(1).max(65535).optional().describe("SSH port, 22 by default."),
        user: z.string().min(1).optional().describe("SSH user, root by default."),
        password: z.string().optional().describe("Password, for the login and for sudo."),
        privateKey: text("privateKey")
            .optional()
            .describe(
                "Private key, PEM or OpenSSH text. Without key and password: the agent, else the keys of ~/.ssh.",
            ),
        privateKeyPassword: z.string().optional().describe("Passphrase of the private key."),
        agentSocketPath: z.string().optional().describe("Socket of an SSH agent, SSH_AUTH_SOCK by default."),
        identity: z
            .string()
            .min(1)
            .optional()
            .describe(
                'The one key of the agent to log in with: its public key ("ssh-ed25519 AAAA…"), its fingerprint ("SHA256:…") or its comment. All of them by default, the likely ones first.',
            ),
        hostKey: text("hostKey")
            .optional()
            .describe(
                'The host\'s public key ("ssh-ed25519 AAAA…", or a line of known_hosts or ssh-keyscan) or its fingerprint ("SHA256:…"); any other is refused. Several lines while a key is rotated.',
            ),
        knownHosts: z
            .string()
            .optional()
            .describe(
                "Path of a known_hosts file, by default the user's own and the system's; @cert-authority lines are named, and not used.",
            ),
        proxy: z
            .lazy(() => schema)
            .optional()
            .describe("A jump host, itself a connection; any number of hops, each verified."),
        dialErrorLimit: z.int().min(0).optional().describe("Dials before giving up, 10 by default."),
        perDialTimeout: z.int().min(1).optional().describe("Seconds for one dial, 15 by default."),
        sudo: z.boolean().optional().describe("Whether commands run through sudo, false by default."),
        insecureIgnoreHostKey: z.boolean().optional().describe("Accepts any host key, false by default."),
        sshConfig: z
            .boolean()
            .optional()
            .describe(
                "Whether HostName, Port, User, IdentityFile and ProxyJump of ~/.ssh/config fill in what the connection leaves out, false by default; no command of that file is run.",
            ),
    });
    return schema;
}

/** The same value for the same way: a host key means the same in each of its spellings. */
export function sameConnection(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value).map(([name, part]: [string, unknown]) => [
            name,
            name === "hostKey" && typeof part === "string"
                ? samePins(part)
                : name === "proxy" || name === "host"
                  ? sameConnection(part)
                  : part,
        ]),
    );
}

/** Something that a resource may take for a connection, once the table has checked its parts. */
export const isConnection = (value: unknown): value is string | ConnectionArgs =>
    typeof value === "string" || (typeof value === "object" && value !== null && "host" in value);

/** The connection itself, or the configuration's by its name; with what ~/.ssh/config adds, where it says so. */
export const connectionOf = (connection: string | ConnectionArgs, configuration: Configuration): ConnectionArgs =>
    typeof connection === "string"
        ? configuration.connection(connection)
        : withSshConfig(connection, configuration.ssh);
