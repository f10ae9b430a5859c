import type { Duplex } from "node:stream";
import type { ConnectionArgs } from "../connection";
import type { Log } from "../world";

/** Who asks: each command is cancelled with its own resource and speaks on that resource's line. */
export interface RemoteCall {
    signal: AbortSignal;
    log: Log;
    /** 60 seconds by default. */
    timeoutMs?: number;
}

export interface CommandResult {
    code: number;
    stdout: string;
    stderr: string;
}

/** A machine reached over SSH; whatever it runs, it runs as root, through sudo where the connection says so. */
export interface Remote {
    /** "root@h1.example.org:22", for messages; never a secret. */
    readonly name: string;
    /** Runs a POSIX sh script in the pooled connection's persistent shell; `input` is its standard input. */
    run(script: string, call: RemoteCall, input?: string): Promise<CommandResult>;
    /** The same over a connection of its own, dialled and verified anew: proof that the way in is still open. */
    runAnew(script: string, call: RemoteCall, input?: string): Promise<CommandResult>;
    /** A stream to an address as the machine sees it. */
    connect(host: string, port: number, call: RemoteCall): Promise<Duplex>;
}

/** The machines of one process: one pooled connection for each distinct connection. */
export interface Remotes {
    open(connection: ConnectionArgs): Remote;
    close(): Promise<void>;
}
