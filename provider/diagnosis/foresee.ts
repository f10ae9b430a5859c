import type { World } from "../world";
import type { Facts, Subject } from "./facts";
import { look, type Place } from "./gather";
import { failureOf, type Finding } from "./judge";
import { serverFacts, serverQuestions } from "./probe/server";
import { key } from "./steps/engine";
import { resolution } from "./steps/record";
import { isLocal, type Step } from "./steps/step";
import { ssh } from "./steps/way-in";

/** What a registration needs of the server and the host; a changed host key is what it is made for. */
const needed: readonly Step[] = [
    resolution,
    { ...ssh, causes: ssh.causes.filter(({ id }) => !id.startsWith("host-key")) },
    key,
];

/** What the server says already of a registration that would fail: no name, no port, no key of the engine. */
export async function foresee(subject: Subject, server: Place, world: World): Promise<Finding | undefined> {
    const blind = { why: "not looked at" };
    const facts = (seen: Facts["server"]): Facts => ({ subject, api: { others: [] }, server: seen, host: blind });
    // the server's own containers have names that only they know
    if (isLocal(facts(blind))) return undefined;
    const { dns = "true", door = "true", enginekeys = "true" } = serverQuestions(subject);
    const seen = await look(server, { dns, door, enginekeys }, serverFacts, world);
    for (const step of needed) {
        const finding = failureOf(step, facts(seen));
        if (finding) return finding;
    }
    return undefined;
}
