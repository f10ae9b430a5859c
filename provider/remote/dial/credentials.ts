import { readFile } from "node:fs/promises";
import type { AnyAuthMethod } from "ssh2";
import type { SshDefaults } from "../../configuration";
import type { ResolvedConnection } from "../../connection";
import { decodeKey } from "../../public-key";
import { type Agent, type AgentKey, isMeant, labelOf, openAgent } from "./agent";
import { failure } from "./failures";
import { parsePrivateKey } from "./private-key";

/** One way to log in, with its name for messages. */
export interface Credential {
    label: string;
    method: AnyAuthMethod;
    /** The host knows the key, for it wanted a proof that it is ours. */
    known: boolean;
}

export interface Credentials {
    list: Credential[];
    /** What was left out and why; without a secret. */
    notes: string[];
    /** What the host asked for through keyboard-interactive. */
    prompts: string[];
}

/**
 * What is given is used, in this order: key, agent, password. Where nothing is given: the user's agent, the likely keys
 * first, and where that has no key, the usual key files; those that ~/.ssh/config names come before both.
 */
export async function credentialsFor(connection: ResolvedConnection, ssh: SshDefaults): Promise<Credentials> {
    const { user = "root", password, privateKey, identity } = connection;
    const found: Credentials = { list: [], notes: [], prompts: [] };
    const socket = connection.agentSocketPath ?? (identity === undefined ? undefined : ssh.agentSocketPath);
    if (privateKey !== undefined) found.list.push(await keyCredential(connection, "the private key"));
    if (socket !== undefined || identity !== undefined) {
        const agent = socket === undefined ? NO_AGENT : await openAgent(socket);
        if (typeof agent === "string") throw agentUnreachable(connection, agent);
        offer(agent, await likelyFirst(agent.keys, connection, ssh), user, found);
    }
    if (password !== undefined) found.list.push(...passwordCredentials(user, password, found.prompts));
    if (found.list.length === 0 && socket === undefined) await usual(connection, ssh, found);
    return found;
}

const NO_AGENT = "SSH_AUTH_SOCK is not set";

async function usual(connection: ResolvedConnection, ssh: SshDefaults, found: Credentials): Promise<void> {
    const { user = "root", identityFiles } = connection;
    const agent = ssh.agentSocketPath === undefined ? NO_AGENT : await openAgent(ssh.agentSocketPath);
    if (typeof agent === "string") found.notes.push(agent);
    else offer(agent, await likelyFirst(agent.keys, connection, ssh), user, found);
    if (found.list.length > 0 && !identityFiles) return;
    for (const path of identityFiles ?? ssh.privateKeys) {
        const text = await readFile(path, "utf8").catch(() => undefined);
        // ~/.ssh/config may name the public half of a key that only the agent has
        if (text === undefined || publicKeyIn(text)) continue;
        try {
            found.list.push(await keyCredential({ ...connection, privateKey: text }, path));
        } catch {
            found.notes.push(`${path} was left out, for it is encrypted or no key`);
        }
    }
}

function offer(agent: Agent, keys: readonly AgentKey[], user: string, found: Credentials): void {
    if (agent.keys.length === 0) found.notes.push("the agent has no key");
    for (const key of keys) {
        if (!key.usable) {
            found.notes.push(`the agent's ${labelOf(key)} was left out, for the SSH library here knows no such keys`);
            continue;
        }
        const onSign = (): void => void (credential.known = true);
        const method = agent.login(key, user, onSign);
        const credential: Credential = { label: `the agent's ${labelOf(key)}`, method, known: false };
        found.list.push(credential);
    }
}

/** Hosts hang up after few refused keys: first those of the key files, then those whose comment names the host. */
async function likelyFirst(
    keys: readonly AgentKey[],
    connection: ResolvedConnection,
    ssh: SshDefaults,
): Promise<AgentKey[]> {
    const { identity, host, identityFiles = ssh.privateKeys, identitiesOnly } = connection;
    if (identity !== undefined) {
        const meant = keys.filter((key) => isMeant(key, identity));
        if (meant.some(({ usable }) => usable)) return meant;
        throw noSuchKey(connection, meant, keys);
    }
    const usualKeys = await Promise.all(
        identityFiles.flatMap((path) => [`${path}.pub`, path]).map((path) => readFile(path, "utf8").catch(() => "")),
    );
    const blobs = usualKeys.flatMap((text) => publicKeyIn(text) ?? []);
    const rank = ({ blob, comment }: AgentKey): number => {
        const at = blobs.findIndex((each) => each.equals(blob));
        return at >= 0 ? at : comment.toLowerCase().includes(host.toLowerCase()) ? blobs.length : blobs.length + 1;
    };
    const wanted = identitiesOnly ? keys.filter((key) => rank(key) < blobs.length) : keys;
    return [...wanted].sort((a, b) => rank(a) - rank(b));
}

function publicKeyIn(text: string): Buffer | undefined {
    const [type = "", base64 = ""] = text.split(/\s+/, 2);
    return decodeKey(type, base64);
}

async function keyCredential(connection: ResolvedConnection, label: string): Promise<Credential> {
    const key = await parsePrivateKey(connection);
    const sign = key.sign.bind(key);
    key.sign = (...args) => {
        credential.known = true;
        return sign(...args);
    };
    const method: AnyAuthMethod = { type: "publickey", username: connection.user ?? "root", key };
    const credential: Credential = { label: `${label} (${key.type})`, method, known: false };
    return credential;
}

/** Some hosts ask for the password only through keyboard-interactive. */
function passwordCredentials(username: string, password: string, asked: string[]): Credential[] {
    const interactive: AnyAuthMethod = {
        type: "keyboard-interactive",
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => {
            asked.push(...prompts.map(({ prompt }) => prompt));
            finish(prompts.map(({ echo }) => (echo ? "" : password)));
        },
    };
    return [
        { label: "the password", method: { type: "password", username, password }, known: false },
        { label: "keyboard-interactive", method: interactive, known: false },
    ];
}

function agentUnreachable(connection: ResolvedConnection, seen: string) {
    const advice = "Start the agent, or correct agentSocketPath.";
    return failure(connection, "unauthorized", seen, advice, false);
}

function noSuchKey(connection: ResolvedConnection, meant: readonly AgentKey[], keys: readonly AgentKey[]) {
    const there = keys.length === 0 ? "it has none" : `it has ${keys.map(labelOf).join(", ")}`;
    const seen = meant[0]
        ? `the agent's ${labelOf(meant[0])}, which identity names, is no key that the SSH library here can use`
        : `the agent has no key that identity names: ${there}`;
    const advice = meant[0]
        ? "Name an ordinary key (ed25519, ECDSA or RSA), or give one by privateKey."
        : "Add it with ssh-add, or correct identity: a comment, a fingerprint or a public key.";
    return failure(connection, "unauthorized", seen, advice, false);
}
