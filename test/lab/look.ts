import { Lab } from "./lab";

/** A program that prints what shell commands see on a host without systemd and on one with it, as JSON. */
async function main(): Promise<void> {
    const looks = JSON.parse(process.argv[2] ?? "{}") as Record<string, string>;
    const lab = await Lab.start();
    const [plain, booted] = await Promise.all([lab.host("plain"), lab.host("booted", { systemd: true })]);
    const seen = { plain: {} as Record<string, string>, booted: {} as Record<string, string> };
    for (const host of [plain, booted])
        for (const [name, command] of Object.entries(looks))
            seen[host.name as keyof typeof seen][name] = (await host.exec(command)).stdout;
    await lab.stop();
    process.stdout.write(JSON.stringify(seen));
}
void main();
