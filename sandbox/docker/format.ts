import type { Container } from "./containers";

/** What Docker's templates can ask of a container; the rest of its language is not known here. */
export function filled(format: string, container: Container): string {
    const { name, id, running, since, environment } = container;
    const set = Object.entries(environment?.() ?? {}).flatMap(([key, value]) =>
        value === undefined ? [] : [`${key}=${value}`],
    );
    const fields: Readonly<Record<string, string>> = {
        ".ID": id,
        ".Names": name,
        ".Name": `/${name}`,
        ".Image": `registry.example.test/isardvdi/${name.replace("isard-", "")}`,
        ".Status": statusOf(container),
        ".State": running ? "running" : "exited",
        ".State.Status": running ? "running" : "exited",
        ".State.Running": String(running),
        ".State.StartedAt": new Date(since).toISOString(),
        ".RestartCount": "0",
        // of compose's labels
        '.Label "com.docker.compose.service"': name,
        "json .": JSON.stringify([{ Name: `/${name}`, State: { Running: running }, Config: { Env: set } }]),
        "json .Config.Env": JSON.stringify(set),
    };
    return format
        .replace(/\\t/g, "\t")
        .replace(/\{\{range \.Config\.Env\}\}([^]*?)\{\{end\}\}/g, (_match, each: string) =>
            set
                .map((line) => each.replace(/\{\{(println |json )?\.\}\}/, (_dot, way?: string) => shown(line, way)))
                .join(""),
        )
        .replace(/\{\{\s*([^}]+?)\s*\}\}/g, (_match, field: string) => fields[field] ?? "<no value>");
}

function shown(line: string, way: string | undefined): string {
    if (way === "json ") return JSON.stringify(line);
    return way ? `${line}\n` : line;
}

/** "Up 3 hours", as `docker ps` says it. */
function statusOf({ running, since }: Container): string {
    const seconds = Math.floor((Date.now() - since) / 1000);
    const age = ageOf(seconds);
    return running ? `Up ${age}` : `Exited (0) ${age} ago`;
}

function ageOf(seconds: number): string {
    if (seconds < 1) return "Less than a second";
    if (seconds < 60) return seconds === 1 ? "1 second" : `${seconds} seconds`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return minutes === 1 ? "About a minute" : `${minutes} minutes`;
    const hours = Math.floor(minutes / 60);
    return hours === 1 ? "About an hour" : `${hours} hours`;
}
