import type { Site } from "../../e2e/harness/site";
import type { Declared } from "../../lifecycle/declared";
import { Deployment } from "../../lifecycle/deployment";
import type { Values } from "../harness/rpc";

/** A program of hypervisors and nothing else. */
export const hypervisors = (args: Record<string, Values>): Declared[] =>
    Object.entries(args).map(([name, each]) => ({ type: "Hypervisor", name, args: each, after: [] }));

/** A stack that may call the site's API, played over gRPC as Pulumi's engine does. */
export const startStack = ({ sandbox: { apiUrl, apiSecret } }: Site): Promise<Deployment> =>
    Deployment.start({ apiUrl, apiSecret });

/** Names of what the stack still holds once it was refreshed. */
export const held = async (stack: Deployment): Promise<string[]> => (await stack.differing([])).sort();
