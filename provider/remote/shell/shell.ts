import type { ClientChannel } from "ssh2";
import type { CommandResult } from "../remote";
import { Capture } from "./capture";
import { endCommand, frame, newMark } from "./frame";

/** The command had been handed over when the shell went away. */
export class Interrupted extends Error {}

export class OutputTooLong extends Error {}

/** A command under way; `end` ends it on the host, after which its result is of no interest. */
export interface Execution {
    result: Promise<CommandResult>;
    end(): void;
}

const OUTPUT_LIMIT = 16 * 1024 * 1024;
/** How long an ended command may take to say so before its channel is closed. */
const FAREWELL_MS = 5000;

interface Running {
    out: Capture;
    err: Capture;
    resolve: (result: CommandResult) => void;
    reject: (error: Error) => void;
}

/** A channel with a waiting shell: one command at a time. */
export class Shell {
    /** False once it must not be given another command. */
    usable = true;
    readonly closed: Promise<void>;
    private running: Running | undefined;

    constructor(private readonly channel: ClientChannel) {
        channel.on("data", (chunk: Buffer) => this.receive("out", chunk));
        channel.stderr.on("data", (chunk: Buffer) => this.receive("err", chunk));
        this.closed = new Promise((resolve) => {
            channel.once("close", () => {
                this.usable = false;
                this.running?.reject(new Interrupted("the shell ended while the command ran"));
                this.running = undefined;
                resolve();
            });
        });
    }

    run(script: string, input: string | undefined): Execution {
        const mark = newMark();
        const result = new Promise<CommandResult>((resolve, reject) => {
            this.running = { out: new Capture(mark), err: new Capture(mark), resolve, reject };
        });
        this.channel.write(frame(mark, script, input));
        return { result, end: () => this.end() };
    }

    /** Closes the channel as soon as nothing runs on it. */
    retire(): void {
        this.usable = false;
        if (!this.running) this.channel.end();
    }

    private end(): void {
        this.usable = false;
        if (!this.running) return;
        this.channel.write(endCommand);
        const timer = setTimeout(() => this.channel.destroy(), FAREWELL_MS);
        void this.closed.then(() => clearTimeout(timer));
    }

    private receive(stream: "out" | "err", chunk: Buffer): void {
        const { running } = this;
        if (!running) return;
        running[stream].push(chunk);
        const { out, err } = running;
        if (running[stream].bytes > OUTPUT_LIMIT) {
            running.reject(new OutputTooLong(`more than ${OUTPUT_LIMIT / 1024 / 1024} MiB of output`));
            this.end();
            this.running = undefined;
            return;
        }
        if (out.end === undefined || err.end === undefined) return;
        const [code = "", lingers] = out.end.split(" ");
        // what the script left behind may still write here
        if (lingers === "1") this.usable = false;
        this.running = undefined;
        if (!this.usable) this.channel.end();
        running.resolve({ code: Number(code), stdout: out.text, stderr: err.text });
    }
}
