import type { remote } from "@pulumi/command/types/input";
import * as pulumi from "@pulumi/pulumi";
import { printable } from "../../provider/printable";
import type { HypervisorHostArgs } from "./args";
import { cfgText, digestOf } from "./cfg";
import { type HostCommand, hypervisorHostCommands } from "./commands";
import { commandPackage } from "./packages";
import type { HostPlan } from "./plan";
import { readContainers } from "./reading";

/** What the parts of one host are made from. */
export interface Ground {
    name: string;
    plan: HostPlan;
    connection: Exclude<HypervisorHostArgs["connection"], string>;
    reached: remote.ConnectionArgs;
    settings: pulumi.Output<Record<string, string>>;
    opts: pulumi.CustomResourceOptions;
}

/** Makes a host's parts, each after what it needs, and taken down the other way round. */
export function buildParts(ground: Ground): {
    commit: pulumi.Output<string>;
    containers: pulumi.Output<Record<string, string>>;
} {
    const { name, plan, connection, settings, opts } = ground;
    const commands = hypervisorHostCommands(plan);
    const run = runner(ground);
    const digest = (of?: string): pulumi.Output<string> => settings.apply((known) => digestOf(known, of));

    const checked = run("check", commands.check, {});
    warnings(name, checked.stdout);
    const source = run("source", commands.source, { dependsOn: [checked] });
    const cfg = run("cfg", commands.configuration, {
        stdin: settings.apply((known) => text(name, known)),
        dependsOn: [source],
    });
    const trunk = commands.trunk ? [run("trunk", commands.trunk, { dependsOn: [checked] })] : [];
    // any change of the file or of the release builds anew
    const whole = pulumi.interpolate`${digest()} ${source.stdout}`;
    const built = run("build", commands.build, { stdin: pulumi.secret(whole), dependsOn: [cfg, ...trunk] });
    const services: pulumi.Resource[] = [];
    for (const [service, command] of Object.entries(commands.services)) {
        const stdin = pulumi.secret(pulumi.interpolate`${digest(service)} ${source.stdout}`);
        services.push(run(service, command, { stdin, dependsOn: [built, ...services] }));
    }
    const others = run("others", commands.others, { stdin: pulumi.secret(whole), dependsOn: services });
    const looked = run("containers", commands.look, { stdin: pulumi.secret(whole), dependsOn: [others] });
    return {
        commit: source.stdout,
        containers: readContainers(plan, connection, pulumi.unsecret(looked.stdout), name, opts),
    };
}

interface Run {
    stdin?: pulumi.Output<string>;
    dependsOn?: pulumi.Resource[];
}

/** Text that comes with the standard input is in no process list; a command without changes is not run. */
function runner({ name, reached, opts }: Ground) {
    const { remote, types } = commandPackage();
    return (part: string, command: HostCommand, { stdin, dependsOn = [] }: Run) =>
        new remote.Command(
            `${name}-${part}`,
            {
                connection: reached,
                ...command,
                ...(stdin && { stdin }),
                // sshd takes no variable of theirs unless AcceptEnv says so, and no text of ours reads one
                addPreviousOutputInEnv: false,
                // what a command prints is its result, told where it matters
                logging: types.enums.remote.Logging.Stderr,
            },
            { ...opts, dependsOn },
        );
}

function warnings(name: string, printed: pulumi.Output<string>): void {
    printed.apply((text) => {
        for (const [, warning] of text.matchAll(/^warning: (.*)$/gm))
            void pulumi.log.warn(printable(`${name}: ${warning}`));
    });
}

function text(name: string, settings: Record<string, string>): string {
    try {
        return cfgText(settings);
    } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new pulumi.RunError(`Unable to write isardvdi.cfg of "${name}": ${error.message}. Choose another value.`);
    }
}
