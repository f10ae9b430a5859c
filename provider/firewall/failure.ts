import { IsardvdiError } from "../errors";
import type { Remote } from "../remote/remote";

/** Why a host's firewall could not be read or changed. */
export function failure(
    remote: Remote,
    action: string,
    code: "server-error" | "conflict" | "ssh-unreachable" | "timeout",
    seen: string,
    advice: string,
): IsardvdiError {
    return new IsardvdiError({ code, action, resource: remote.name, seen, advice });
}

export const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
