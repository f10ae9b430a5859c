import type { ConnectionArgs } from "../../connection";
import type { IsardvdiError } from "../../errors";
import { failure } from "../dial/failures";
import { saidLine } from "../said";

const sudoers = "in sudoers (visudo): USER ALL=(root) NOPASSWD: ALL";

/** By sudo's words and those of sudo-rs; the first row that matches says what was seen and what to do. */
const ofSudo: readonly [RegExp, string, string][] = [
    [
        /password is required|no password was provided|interactive authentication is required/i,
        "sudo asks for a password",
        `Set password, or allow it without one ${sudoers}.`,
    ],
    [
        /try again|incorrect (password|authentication)/i,
        "sudo refuses the password",
        `Correct password, or allow it without one ${sudoers}.`,
    ],
    [
        /not in the sudoers|may not run|not allowed|I'm afraid I can't do that/i,
        "sudo does not permit this user to become root",
        `Allow it ${sudoers}.`,
    ],
    [
        /must have a tty|no tty present/i,
        "sudo insists on a terminal (requiretty)",
        "Take requiretty out for this user: Defaults:USER !requiretty.",
    ],
    [
        /sudo: '?sh'?: command not found/i,
        "sudo finds no sh, for its secure_path leaves /bin out",
        'Correct it in sudoers (visudo): Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".',
    ],
    [
        /\bsh(: \d+)?: .*Permission denied|cannot execute '.*sh': Permission denied/i,
        "sudo lets the shell start no other program (noexec)",
        "Take noexec out for this user in sudoers (visudo): Defaults:USER !noexec, or EXEC: before the command.",
    ],
    [/sudo.*(not found|no such file)/i, "the host has no sudo", "Install sudo, or connect as root."],
];

const startUpFiles = "a start-up file of USER (.bashrc, .profile, .zshenv)";

/** The login shell itself was lost on the way. */
const ofShell: typeof ofSudo = [
    [
        /\benv: (command )?not found|Unknown command:? env/i,
        `USER's shell finds no program: ${startUpFiles} breaks PATH`,
        "Let it add to PATH: PATH=/own/bin:$PATH.",
    ],
];

/** Why a shell could not be had, in one line. */
export function noShell(connection: ConnectionArgs, words: string, code?: number | null): IsardvdiError {
    const { user = "root", sudo } = connection;
    // no more of it is matched than people read
    const end = words.slice(-4000);
    const row = [...ofShell, ...(sudo ? ofSudo : [])].find(([pattern]) => pattern.test(end));
    const named = (text: string): string => text.replaceAll("USER", user);
    const line = lastLine(words);
    if (row) return failure(connection, "forbidden", named(row[1]), named(row[2]), false);
    const status = code === undefined ? "" : ` (exit ${code ?? "by a signal"})`;
    return failure(
        connection,
        "unexpected-answer",
        `the host gives no shell${status}${line && `: ${line}`}`,
        named(
            `Give USER a POSIX shell, take a forced command out of its key in authorized_keys, and let no start-up file (.bashrc) exit or exec.`,
        ),
        false,
    );
}

/** The login shell does something else than what it was told. */
export function silent(connection: ConnectionArgs, words: string, seconds: number): IsardvdiError {
    const { user = "root" } = connection;
    const line = lastLine(words);
    return failure(
        connection,
        "unexpected-answer",
        `no shell started within ${seconds} s${line ? `; the last that the host said: ${line}` : ", and the host said nothing"}`,
        `Most likely ${startUpFiles} waits for an answer (read, a menu) or starts another program (exec). Let it do so in interactive shells only: case $- in *i*) … ;; esac.`.replaceAll(
            "USER",
            user,
        ),
        false,
    );
}

/** What went wrong comes last; warnings about a locale are no reason. */
function lastLine(words: string): string {
    const lines = words
        .slice(-4000)
        .split("\n")
        .filter((each) => each.trim() !== "");
    const telling = lines.filter((each) => !/setlocale|locale|\bLC_[A-Z]+/.test(each));
    return saidLine((telling.length > 0 ? telling : lines).at(-1) ?? "", 200);
}
