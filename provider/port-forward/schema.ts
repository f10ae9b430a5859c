import type { Definition, InputsOf } from "../resource";
import { outputs } from "./outputs";
import { conduct } from "./properties/conduct";
import { host } from "./properties/host";
import { rule } from "./properties/rule";

const properties = { ...host, ...rule, ...conduct };

/** The inputs as check has let them through. */
export type Inputs = InputsOf<typeof host & typeof rule & typeof conduct> & { __urn?: string };

export const definition: Definition = {
    kind: "PortForward",
    doc: "A port of a host forwarded to an address behind it, proved by a packet.",
    example: `import * as isardvdi from "pulumi-isardvdi";

const ssh = new isardvdi.PortForward("h1-ssh", {
    connection: "h1", // in isardvdi:connections
    protocol: "tcp",
    port: 2022,
    toAddress: isardvdi.containerAddresses().hypervisor,
});
export const rules = ssh.rules;
export const verified = ssh.verified;`,
    inputsText:
        "A forward is owned whole: whatever of it is found changed on the host, or missing, is put right by the next `up`. A property that is taken out of the program goes back to its default.",
    properties,
    outputs,
};
