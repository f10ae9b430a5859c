import type { Declared } from "./declared";

/** A stack, whoever runs it; each operation tells its errors. */
export interface Deployer {
    up(program: readonly Declared[]): Promise<string[]>;
    refresh(): Promise<string[]>;
    destroy(): Promise<string[]>;
    /** An up that looks at everything first. */
    settle(program: readonly Declared[]): Promise<string[]>;
    /** What another one of these would still change. */
    differing(program: readonly Declared[]): Promise<string[]>;
    /** Ends the running operation without a word. */
    kill(): Promise<void>;
    /** The next operation is another run. */
    anew(): Promise<void>;
    /** All that was stored or said in clear. */
    clearText(): Promise<string>;
    stop(): Promise<void>;
}
