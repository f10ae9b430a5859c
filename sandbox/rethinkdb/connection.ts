import type { Socket } from "node:net";
import { Handshake } from "./handshake";
import type { Response } from "./protocol";
import type { Secret } from "./scram";
import type { Session } from "./session";

const header = 12;

/** One socket: the handshake, then frames of token, length and JSON. */
export class Connection {
    private buffer = Buffer.alloc(0);
    private readonly handshake: Handshake;
    session: Session | undefined;

    constructor(
        readonly socket: Socket,
        secretOfUser: (user: string) => Secret | undefined,
        private readonly openSession: (user: string, send: (token: number, response: Response) => void) => Session,
    ) {
        this.handshake = new Handshake(secretOfUser);
        socket.on("data", (data: Buffer) => {
            this.buffer = Buffer.concat([this.buffer, data]);
            this.read();
        });
        socket.on("error", () => undefined);
        socket.on("close", () => this.session?.close());
    }

    private read(): void {
        while (this.session ? this.frame(this.session) : this.greet());
    }

    private greet(): boolean {
        const taken = this.handshake.take(this.buffer);
        if (!taken) return false;
        const { rest, answer } = taken;
        this.buffer = Buffer.from(rest);
        if (answer.user !== undefined)
            this.session = this.openSession(answer.user, (token, response) => this.send(token, response));
        const text = `${answer.send}\0`;
        if (answer.failed) this.socket.end(text);
        else this.socket.write(text);
        return !answer.failed;
    }

    private frame(session: Session): boolean {
        const { buffer } = this;
        if (buffer.length < header) return false;
        const end = header + buffer.readUInt32LE(8);
        if (buffer.length < end) return false;
        this.buffer = buffer.subarray(end);
        session.receive(Number(buffer.readBigUInt64LE(0)), buffer.toString("utf8", header, end));
        return true;
    }

    private send(token: number, response: Response): void {
        const text = Buffer.from(JSON.stringify(response));
        const frame = Buffer.alloc(header + text.length);
        frame.writeBigUInt64LE(BigInt(token), 0);
        frame.writeUInt32LE(text.length, 8);
        text.copy(frame, header);
        this.socket.write(frame);
    }
}
