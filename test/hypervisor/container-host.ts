import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionArgs } from "../../provider/connection";
import { TestServer } from "../provider/remote/server";

/** A host whose docker command keeps what it is given, for tests of what surrounds a delivery. */
export class ContainerHost {
    private constructor(
        private readonly folder: string,
        private readonly server: TestServer,
    ) {}

    static async start(password: string): Promise<ContainerHost> {
        const folder = mkdtempSync(join(tmpdir(), "container-host-"));
        const docker = `#!/bin/sh
case $1 in
inspect) echo true ;;
exec) echo "$@" >>${folder}/arguments; cat >>${folder}/delivered ;;
esac
`;
        writeFileSync(join(folder, "docker"), docker, { mode: 0o755 });
        const environment = { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
        return new ContainerHost(folder, await TestServer.start({ environment, password, forwards: true }));
    }

    /** The same machine is its own jump host. */
    connection(more: Partial<ConnectionArgs> = {}, proxy: Partial<ConnectionArgs> = {}): ConnectionArgs {
        const { connection } = this.server;
        return { ...connection, ...more, proxy: { ...connection, ...proxy } };
    }

    /** The texts that were brought, each as it is and as it travelled. */
    delivered(): string[] {
        const lines = this.read("delivered").trimEnd().split("\n");
        return lines
            .map((line) => line.split(" ").at(-1) ?? "")
            .flatMap((data) => [data, Buffer.from(data, "base64").toString().trimEnd()]);
    }

    /** What docker was called with. */
    arguments(): string {
        return this.read("arguments");
    }

    async stop(): Promise<void> {
        await this.server.stop();
        rmSync(this.folder, { recursive: true, force: true });
    }

    private read(name: string): string {
        const path = join(this.folder, name);
        return existsSync(path) ? readFileSync(path, "utf8") : "";
    }
}
