import type { Step } from "../../provider/diagnosis/steps";
import { wrapped } from "./page";

/** The page of what can go wrong, from the very table that the diagnosis judges by. */
export const troubleshootingPage = (
    steps: readonly Step[],
): string => `<!-- Generated from the table of steps by "npm run reference"; do not edit. -->

# Troubleshooting

${wrapped(
    "When a hypervisor does not come Online, `pulumi up` ends with the step that failed, its cause and what to do. The same on demand, at any time, and without changing anything:",
)}

\`\`\`console
$ npx pulumi-isardvdi diagnose hyper-01 --stack prod
\`\`\`

${wrapped(
    "It asks the API, the central server (`isardvdi:server`) and the hypervisor's host (`diagnostics.host`, or `--host`), each once, and says what it could not look at. A step needs those above it: mend the first that fails. The steps, in this order:",
)}

${steps.map(({ id, title }) => `1. [${title}](#${id})`).join("\n")}

${steps.map(section).join("\n")}`;

function section({ id, title, about, evidence, causes }: Step): string {
    const look = evidence.map(([place, command]) => `\`${command}\` on the ${place}`).join(", ");
    return `## ${id}

${wrapped(`${title}. ${about}`)}
${look ? `\n${wrapped(`See for yourself: ${look}.`)}\n` : ""}
${causes.map(({ id, sign, advice, isFinal }) => `### \`${id}\`\n\n${wrapped(sign)}\n\n${wrapped(`${advice}${isFinal ? " Waiting does not mend it." : ""}`)}\n`).join("\n")}`;
}
