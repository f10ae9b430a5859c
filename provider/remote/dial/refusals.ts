import type { ResolvedConnection } from "../../connection";
import type { IsardvdiError } from "../../errors";
import { saidLine } from "../said";
import { failure } from "./failures";
import type { Said } from "./login";

/** The host took none of the credentials, or not one alone. */
export function authenticationRefused(connection: ResolvedConnection, said: Said): IsardvdiError {
    const { user = "root" } = connection;
    const refused = (seen: string, advice: string) => failure(connection, "unauthorized", seen, advice, false);
    const known = said.tried.find((each) => each.known);
    if (said.passed.length > 0) {
        const prompts = said.credentials.prompts.map((each) => ` "${saidLine(each, 60)}"`).join(",");
        const wants = `${said.allowed.join(" or ") || "more"}${prompts && ` (it asks for${prompts})`}`;
        return refused(
            `the host accepted ${labels(said.passed)}, and wants a second factor: ${wants}`,
            `A password can be given by password; a code that somebody has to type cannot. Let a key alone do for ${user} from here: AuthenticationMethods publickey in a Match block of its sshd_config.`,
        );
    }
    if (known) {
        return refused(
            `the host knows ${known.label}, and refuses the login of ${user} all the same${banner(said)}`,
            user === "root"
                ? "Set PermitRootLogin prohibit-password in its sshd_config (no and forced-commands-only refuse), or connect as another user with sudo."
                : "Its log says why (journalctl -u ssh): a rule for the account, or for the key.",
        );
    }
    const tried = said.tried.length > 0 ? `tried were ${triedLabels(said)}` : "there was nothing to try";
    const allowed = said.allowed.length > 0 ? `, the host takes ${saidLine(said.allowed.join(", "))}` : "";
    const advice =
        said.tried.length > 0
            ? `Check that the key stands in ~${user}/.ssh/authorized_keys there${user === "root" ? ", that PermitRootLogin allows root," : ""} and that user and password are right.`
            : "Set privateKey or password, or start an SSH agent that has a key.";
    return refused(`the login was refused: ${tried}${allowed}${notes(said)}`, advice);
}

/** The host hung up while the login was under way; nothing of this is about too many connections. */
export function endedInLogin(connection: ResolvedConnection, said: Said, text: string): IsardvdiError {
    const { user = "root" } = connection;
    if (/too many authentication failures/i.test(text)) {
        const left = said.credentials.list.length - said.tried.length;
        return failure(
            connection,
            "unauthorized",
            `the host allows no more attempts (MaxAuthTries): tried were ${triedLabels(said)}${left > 0 ? `, and ${left} more were not` : ""}${notes(said)}`,
            "Name the right key: identity picks one of the agent's by its comment, fingerprint or public key, privateKey gives one.",
            false,
        );
    }
    const known = said.tried.find((each) => each.known);
    // while it boots or goes down, a host lets nobody in but root
    const passing = !said.isVerdict || /boot|shut ?down|going down|reboot/i.test(said.banner);
    return failure(
        connection,
        passing ? "ssh-unreachable" : "forbidden",
        `the host ended the login${known ? `, although it knows ${known.label}` : ""}${banner(said)}${notes(said)}`,
        said.isVerdict
            ? "That is the host's own word: give the account back its access there, or connect as another user."
            : known
              ? whyNot(user)
              : "Its log says why (journalctl -u ssh): a rule for the account (PAM), or a login that took too long (LoginGraceTime).",
        passing,
    );
}

/** A login that is right and yet of no use; where sshd's two halves disagree, the hang-up and the success overtake one another. */
const whyNot = (user: string): string =>
    user === "root"
        ? "PermitRootLogin forced-commands-only does that (set prohibit-password in its sshd_config), and a rule for the session (PAM) may; its log says which (journalctl -u ssh)."
        : "Its log says why (journalctl -u ssh): a rule for the account or the session (PAM), or for the key.";

/** Let in and sent away, as often as it was dialled. */
export function endedAfterLogin(connection: ResolvedConnection, said: string): IsardvdiError {
    const { user = "root" } = connection;
    const seen = `the host accepts the login of ${user} and ends the connection then${said ? `; it says: ${saidLine(said)}` : ""}`;
    return failure(connection, "ssh-unreachable", seen, whyNot(user), true);
}

const labels = (list: readonly { label: string }[]): string => list.map(({ label }) => label).join(", ");

/** An agent may have dozens of keys. */
function triedLabels({ tried, credentials: { list } }: Said): string {
    const isAgents = ({ method }: (typeof tried)[number]): boolean => method.type === "agent";
    const [ofAgent, all] = [tried.filter(isAgents), list.filter(isAgents)];
    if (all.length <= 3) return labels(tried);
    const others = tried.filter((each) => !isAgents(each));
    return [`${ofAgent.length} of the agent's ${all.length} keys`, ...others.map(({ label }) => label)].join(", ");
}

const banner = (said: Said): string => (said.banner ? `; it says: ${saidLine(said.banner)}` : "");
const notes = ({ credentials }: Said): string => credentials.notes.map((note) => `; ${note}`).join("");
