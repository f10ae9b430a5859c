import type { Duplex } from "node:stream";
import type { AgentAuthMethod, BaseAgent, ParsedKey, SignCallback, SigningRequestOptions } from "ssh2";
import { fingerprint, keyType, pinsIn } from "../../public-key";
import { saidLine } from "../said";

/** A key that an agent holds. */
export interface AgentKey {
    type: string;
    comment: string;
    blob: Buffer;
    /** ssh2 can neither sign with FIDO keys (sk-…) nor present certificates. */
    usable: boolean;
}

export interface Agent {
    keys: readonly AgentKey[];
    /** A login with one key; `onSign` is told when the host, which knows the key, wants it proved. */
    login(key: AgentKey, username: string, onSign: () => void): AgentAuthMethod;
}

type IdentityKey = string | Buffer | ParsedKey;

const LISTING = Buffer.from([0, 0, 0, 1, 11]);
const LISTED = 12;
const LISTING_LIMIT = 1024 * 1024;

/** The agent with its keys, or why it cannot be used. */
export async function openAgent(path: string): Promise<Agent | string> {
    const { BaseAgent, createAgent, utils } = (await import("ssh2")).default;
    const agent = createAgent(path);
    const keys = await keysOf(agent, (blob) => !(utils.parseKey(blob) instanceof Error)).catch(() => undefined);
    if (!keys) return `the agent at ${path} cannot be reached`;

    class OneKey extends BaseAgent {
        constructor(
            private readonly key: AgentKey,
            private readonly onSign: () => void,
        ) {
            super();
        }
        override getIdentities(callback: (error: undefined, keys: Buffer[]) => void): void {
            callback(undefined, [this.key.blob]);
        }
        override sign(
            key: IdentityKey,
            data: Buffer,
            options: SigningRequestOptions | SignCallback,
            done?: SignCallback,
        ) {
            this.onSign();
            if (typeof options === "function") agent.sign(key, data, options);
            else agent.sign(key, data, options, done);
        }
    }
    return { keys, login: (key, username, onSign) => ({ type: "agent", username, agent: new OneKey(key, onSign) }) };
}

/** As "ssh-add -l" and a person name it. */
export const labelOf = ({ comment, type, blob }: AgentKey): string =>
    `${comment ? `"${saidLine(comment, 60)}"` : fingerprint(blob)} (${type})`;

/** Whether a key is the one meant by a public key, a fingerprint or a comment. */
export function isMeant({ blob, comment }: AgentKey, identity: string): boolean {
    const pins = pinsIn(identity);
    if (!pins) return comment === identity.trim();
    return pins.keys.some((key) => key.equals(blob)) || pins.fingerprints.includes(fingerprint(blob));
}

/** ssh2's own listing leaves out what it cannot use. */
async function keysOf(agent: BaseAgent, isUsable: (blob: Buffer) => boolean): Promise<AgentKey[]> {
    const stream = await new Promise<Duplex>((resolve, reject) => {
        if (!agent.getStream) return reject(new Error("no stream"));
        agent.getStream((error, opened) => (opened ? resolve(opened) : reject(error ?? new Error("no stream"))));
    });
    try {
        return parse(await answer(stream), isUsable);
    } finally {
        stream.destroy();
    }
}

function answer(stream: Duplex): Promise<Buffer> {
    return new Promise((resolve, reject) => {
        let got = Buffer.alloc(0);
        const closed = (): void => reject(new Error("closed"));
        stream.once("error", reject).once("close", closed).once("end", closed);
        stream.on("data", (chunk: Buffer) => {
            got = Buffer.concat([got, chunk]);
            const length = got.length < 4 ? 0 : got.readUInt32BE(0);
            if (length > LISTING_LIMIT) reject(new Error("too long"));
            else if (length > 0 && got.length >= 4 + length) resolve(got.subarray(4, 4 + length));
        });
        stream.write(LISTING);
    });
}

/** draft-miller-ssh-agent, 4.4: a count, then blob and comment of each key. */
function parse(message: Buffer, isUsable: (blob: Buffer) => boolean): AgentKey[] {
    if (message[0] !== LISTED) throw new Error("refused");
    let at = 5;
    const next = (): Buffer => {
        const end = at + 4 + message.readUInt32BE(at);
        const field = message.subarray(at + 4, end);
        at = end;
        return field;
    };
    return Array.from({ length: Math.min(message.readUInt32BE(1), LISTING_LIMIT / 8) }, () => {
        const [blob, comment] = [Buffer.from(next()), next().toString("utf8")];
        return { blob, comment, type: keyType(blob) ?? "an unknown type", usable: isUsable(blob) };
    });
}
