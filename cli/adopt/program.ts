import { forwardsOf, type Taken } from "./forwards";
import { type Args, hypervisorArgs } from "./hypervisor";
import { comment, keyOf, literal, quoted } from "./literal";
import type { Survey } from "./survey";

/** The program that takes over what was seen. */
export function programOf(seen: Survey): string {
    const { site, hypervisors, machines, video, notes } = seen;
    const forwards = machines.map((machine) => ({ name: machine.connection, taken: forwardsOf(machine) }));
    const opened = forwards.filter(({ taken }) => taken.length > 0);
    const records = hypervisors.map(({ record, host }) => {
        const before = [
            ...(opened.some(({ name }) => name === host) ? [`...forwards[${quoted(host)}]`] : []),
            ...(video ? ["video"] : []),
        ];
        const { hyperId, status, detail } = record;
        const remark = status === "Online" ? [] : [`    ${comment(`is ${status}${detail ? `: ${detail}` : ""}`)}`];
        const options = before.length > 0 ? `, { dependsOn: [${before.join(", ")}] }` : "";
        const made = resource("Hypervisor", hyperId, hypervisorArgs(record, site), "    ");
        return [...remark, `    ${keyOf(hyperId)}: ${made}${options}),`].join("\n");
    });
    return [
        'import * as isardvdi from "pulumi-isardvdi";',
        "",
        comment(`What ${site === undefined ? "the site" : `site ${site}`} has, as "pulumi-isardvdi adopt" found it:`),
        comment("the next `pulumi up` takes it over, and the one after has nothing to do."),
        ...notes.map(comment),
        "",
        ...(opened.length > 0 ? ["const forwards = {", ...opened.map(machineText), "};", ""] : []),
        ...(video ? [`const video = ${resource("VideoProxyConfig", "video", video, "")});`, ""] : []),
        "const hypervisors = {",
        ...records,
        "};",
        "",
        "export const status = Object.fromEntries(",
        "    Object.entries(hypervisors).map(([name, { status: now }]) => [name, now]),",
        ");",
        "",
    ].join("\n");
}

function machineText({ name, taken }: { name: string; taken: Taken[] }): string {
    const lines = taken.map((each) =>
        "left" in each
            ? `        ${comment(`no PortForward is equal to this rule, which stays as it is: ${each.left}`)}`
            : `        ${resource("PortForward", each.name, each.args, "        ")}),`,
    );
    return `    ${keyOf(name)}: [\n${lines.join("\n")}\n    ],`;
}

/** Without the closing parenthesis, for options may follow. */
const resource = (kind: string, name: string, args: Args, indent: string): string =>
    `new isardvdi.${kind}(${quoted(name)}, ${literal(args, indent)}`;
