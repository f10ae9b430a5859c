import { readFile } from "node:fs/promises";
import type { AnyAuthMethod, BaseAgent } from "ssh2";
import type { SshDefaults } from "../../configuration";
import type { ConnectionArgs } from "../../connection";
import { failure } from "./failures";
import { parsePrivateKey } from "./private-key";

/** One way to log in, with its name for messages. */
export interface Credential {
    label: string;
    method: AnyAuthMethod;
}

export interface Credentials {
    list: Credential[];
    /** What was left out and why; without a secret. */
    notes: string[];
}

/**
 * What is given is used, in this order: key, agent, password. Where nothing is given: the user's agent,
 * and where that has no key, the usual key files.
 */
export async function credentialsFor(connection: ConnectionArgs, ssh: SshDefaults): Promise<Credentials> {
    const { user: username = "root", password, privateKey, agentSocketPath } = connection;
    const list: Credential[] = [];
    const notes: string[] = [];
    if (privateKey !== undefined) list.push(await keyCredential(connection, "the private key"));
    if (agentSocketPath !== undefined) {
        const agent = await openAgent(agentSocketPath);
        if (typeof agent === "string") throw agentUnreachable(connection, agent);
        list.push({ label: `the agent's ${agent.keys} keys`, method: { type: "agent", username, agent: agent.agent } });
    }
    if (password !== undefined) list.push(...passwordCredentials(username, password));
    if (list.length > 0) return { list, notes };

    const agent = ssh.agentSocketPath === undefined ? "SSH_AUTH_SOCK is not set" : await openAgent(ssh.agentSocketPath);
    if (typeof agent === "string") notes.push(agent);
    else if (agent.keys === 0) notes.push("the agent has no key");
    else {
        list.push({ label: `the agent's ${agent.keys} keys`, method: { type: "agent", username, agent: agent.agent } });
        return { list, notes };
    }
    for (const path of ssh.privateKeys) {
        const text = await readFile(path, "utf8").catch(() => undefined);
        if (text === undefined) continue;
        try {
            list.push(await keyCredential({ ...connection, privateKey: text }, path));
        } catch {
            notes.push(`${path} was left out, for it is encrypted or no key`);
        }
    }
    return { list, notes };
}

async function keyCredential(connection: ConnectionArgs, label: string): Promise<Credential> {
    const key = await parsePrivateKey(connection);
    return { label: `${label} (${key.type})`, method: { type: "publickey", username: connection.user ?? "root", key } };
}

/** Some hosts ask for the password only through keyboard-interactive. */
function passwordCredentials(username: string, password: string): Credential[] {
    return [
        { label: "the password", method: { type: "password", username, password } },
        {
            label: "keyboard-interactive",
            method: {
                type: "keyboard-interactive",
                username,
                prompt: (_name, _instructions, _language, prompts, finish) =>
                    finish(prompts.map(({ echo }) => (echo ? "" : password))),
            },
        },
    ];
}

/** The agent and how many keys it has, or why it cannot be used. */
async function openAgent(path: string): Promise<{ agent: BaseAgent; keys: number } | string> {
    const { createAgent } = (await import("ssh2")).default;
    const agent = createAgent(path);
    return new Promise((resolve) => {
        agent.getIdentities((error, keys) =>
            resolve(error ? `the agent at ${path} cannot be reached` : { agent, keys: keys?.length ?? 0 }),
        );
    });
}

function agentUnreachable(connection: ConnectionArgs, seen: string) {
    const advice = "Start the agent, or correct agentSocketPath.";
    return failure(connection, "unauthorized", seen, advice, false);
}
