import { createCipheriv, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const passphrase = "correct horse battery staple";
const salt = "ZTJlLXNhbHQ=";
/** What Pulumi derives from both, by a million rounds of PBKDF2: the CLI ends at once if it is another. */
const key = Buffer.from("vAkuU67H3Pw6crj/NzknhDVuwhJHwYKwfZjrOxIO2Yg=", "base64");

/** A stack's configuration: a key without a namespace is the provider's own. */
export type Config = Record<string, unknown>;

/** Makes a stack of the file backend as `pulumi stack init` and `config set-all` do, which take two seconds. */
export function writeStack(folder: string, project: string, name: string, config: Config): void {
    const backend = join(folder, "state", ".pulumi");
    const stacks = join(backend, "stacks", "e2e");
    for (const each of [stacks, join(backend, "locks")]) mkdirSync(each, { recursive: true });
    writeFileSync(join(backend, "meta.yaml"), "version: 1\n");
    const checkpoint = { stack: `organization/e2e/${name}`, latest: null };
    writeFileSync(join(stacks, `${name}.json`), JSON.stringify({ version: 3, checkpoint }));
    writeConfig(project, name, config);
}

/** Sets keys and leaves the others, secrets as secrets. */
export function writeConfig(project: string, name: string, config: Config): void {
    const file = join(project, `Pulumi.${name}.yaml`);
    const lines = Object.entries(config).map(([key, value]) => [
        key.includes(":") ? key : `isardvdi:${key}`,
        /secret$|token|password|connections|sites/i.test(key) ? { secure: encrypted(String(value)) } : value,
    ]);
    const settings = { encryptionsalt: `v1:${salt}:${encrypted("pulumi")}`, ...settingsIn(file) };
    // JSON is YAML
    writeFileSync(
        file,
        JSON.stringify({ ...settings, config: { ...settings.config, ...(Object.fromEntries(lines) as Config) } }),
    );
}

/** How a deployment names what its secrets are encrypted with. */
export const secretsProvider = (project: string, name = "dev"): object => ({
    type: "passphrase",
    state: { salt: settingsIn(join(project, `Pulumi.${name}.yaml`)).encryptionsalt },
});

function settingsIn(file: string): { config?: Config; encryptionsalt?: string } {
    try {
        return parse(readFileSync(file, "utf8")) as { config?: Config; encryptionsalt?: string };
    } catch {
        return {};
    }
}

function encrypted(text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const content = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${content.toString("base64")}`;
}
