import * as pulumi from "@pulumi/pulumi";

/** @pulumi/command, loaded only by a program that builds a host. */
export const commandPackage = (): typeof import("@pulumi/command") =>
    loaded("@pulumi/command", "1.2.1") as typeof import("@pulumi/command");

/** @pulumi/docker, likewise. */
export const dockerPackage = (): typeof import("@pulumi/docker") =>
    loaded("@pulumi/docker", "5.0.0") as typeof import("@pulumi/docker");

function loaded(name: string, version: string): unknown {
    try {
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- a constructor cannot wait for an import
        return require(name);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
        throw new pulumi.RunError(
            `Unable to build a hypervisor host: ${name} is not installed. Run "npm install --save-exact ${name}@${version}".`,
        );
    }
}
