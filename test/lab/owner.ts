import { Lab } from "./lab";

/** A program that makes a lab and never ends by itself: what becomes of it is looked at from outside. */
async function main(): Promise<void> {
    const lab = await Lab.start();
    const hosts = [await lab.host("h1", { docker: true }), await lab.host("h2", { systemd: true })];
    await hosts[0]?.connection();
    await hosts[0]?.tcp("172.31.255.17", 2022);
    process.stdout.write("up\n");
    process.stdin.once("data", () => void lab.stop().then(() => process.stdout.write("stopped\n")));
}
void main();
