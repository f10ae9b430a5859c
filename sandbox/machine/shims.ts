import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { Outcome } from "./command";
import type { Machine } from "./machine";

/** What a command that is no program of the machine prints, and how it ends. */
export type Command = (asked: Asked) => Outcome | Promise<Outcome>;

export interface Asked {
    args: readonly string[];
    input: Buffer;
    /** Where it was typed, as `IN_CONTAINER` says: empty on the machine itself. */
    container: string;
    name: string;
    /** The folder it was typed in. */
    folder: string;
}

const SOCKET = "/run/commands.sock";

/** Where the commands lie that only containers have. */
export const CONTAINER_COMMANDS = "/opt/container/bin";

/**
 * perl is essential on Debian, where a socket's file has no other friend. Reads its input only where -i asks for it.
 * Without modules, for loading Socket takes three times as long as all the rest: 1 is PF_UNIX, and SOCK_STREAM.
 */
const SCRIPT = `#!/usr/bin/perl
my ($name) = $0 =~ m{([^/]+)$};
my $site;
socket($site, 1, 1, 0) && connect($site, pack("S a*", 1, "${SOCKET}\\0")) or die "$name: the site has ended\\n";
my $input = "";
for (@ARGV) {
    next if $_ eq "exec" || ($_ =~ /^-/ && !/^-\\w*i/ && $_ ne "--interactive");
    if ($name eq "docker" && $_ =~ /^-/) { local $/; $input = <STDIN>; }
    last;
}
my $folder = readlink("/proc/self/cwd") // "/";
my $asked = pack("N/a* N/a* N/a* N/a* N", $name, $ENV{IN_CONTAINER} // "", $folder, $input // "", scalar @ARGV);
$asked .= pack("N/a*", $_) for @ARGV;
syswrite($site, substr($asked, 0, 65536, "")) while length $asked;
shutdown($site, 1);
my $answer = do { local $/; <$site> };
die "$name: the site has ended\\n" unless length($answer // "") >= 12;
my ($code, $out, $err) = unpack("N N/a N/a", $answer);
binmode STDOUT; binmode STDERR;
print STDOUT $out; print STDERR $err;
exit $code;
`;

/** Puts commands onto a machine that this process answers: by the folder, the names of those that lie there. */
export async function installShims(
    machine: Machine,
    folders: Readonly<Record<string, readonly string[]>>,
    answer: Command,
): Promise<void> {
    const paths = Object.entries(folders).flatMap(([folder, names]) => names.map((name) => `${folder}/${name}`));
    const lines = paths.map((path) => `mkdir -p ${path.replace(/\/[^/]*$/, "")}; cp /run/shim ${path}`);
    const write = `cat >/run/shim <<'END'\n${SCRIPT}END\nchmod 755 /run/shim\n${lines.join("\n")}`;
    await machine.must("sh -es", { input: write });
    const server = createServer({ allowHalfOpen: true }, (socket) => void serve(socket, answer));
    server.listen(`${machine.root}${SOCKET}`);
    await once(server, "listening");
    machine.closeAtStop(server);
}

async function serve(socket: Socket, answer: Command): Promise<void> {
    socket.on("error", () => undefined);
    try {
        const { code, stdout, stderr } = await answer(await read(socket));
        const head = Buffer.alloc(4);
        head.writeUInt32BE(code);
        socket.end(Buffer.concat([head, sized(stdout), sized(stderr)]));
    } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        socket.end(Buffer.concat([Buffer.from([0, 0, 0, 1]), sized(""), sized(`${said}\n`)]));
    }
}

async function read(socket: Socket): Promise<Asked> {
    const chunks: Buffer[] = [];
    // not by its iterator, which would end the other direction too
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    await once(socket, "end");
    const whole = Buffer.concat(chunks);
    let at = 0;
    const next = (): Buffer => {
        const from = at + 4;
        at = from + whole.readUInt32BE(at);
        return whole.subarray(from, at);
    };
    const [name, container, folder, input] = [next().toString(), next().toString(), next().toString(), next()];
    const count = whole.readUInt32BE(at);
    at += 4;
    return { name, container, folder, input, args: Array.from({ length: count }, () => next().toString()) };
}

function sized(text: string): Buffer {
    const bytes = Buffer.from(text);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(bytes.length);
    return Buffer.concat([size, bytes]);
}
