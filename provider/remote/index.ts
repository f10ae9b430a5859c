import type { Remotes } from "./remote";

export type { CommandResult, Remote, RemoteCall, Remotes } from "./remote";

/** Opens machines over SSH; ssh2 is loaded with the first command. */
export function openRemotes(): Remotes {
    return {
        open() {
            throw new Error("not there yet");
        },
        close: () => Promise.resolve(),
    };
}
