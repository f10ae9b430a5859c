import { type Failure, IsardvdiError } from "../../errors";
import type { Place } from "../place";
import type { Seen } from "./inspect";

/** Keys of which at least one stands in every isardvdi.cfg, be it as a commented default. */
const known = ["FLAVOUR", "DOMAIN", "USAGE", "DOCKER_IMAGE_TAG", "API_HYPERVISORS_SECRET", "API_ISARDVDI_SECRET"];

const problems: { when: (seen: Seen) => boolean; seen: (seen: Seen) => string; advice: string }[] = [
    {
        when: ({ cfg }) => !known.some((key) => cfg.keys().has(key)),
        seen: () => `it is no isardvdi.cfg: it has none of ${known.join(", ")}`,
        advice: "Correct configPath.",
    },
    {
        when: ({ hasBuild }) => !hasBuild,
        seen: () => "there is no build.sh beside it that can be run",
        advice: "Give the path of the isardvdi.cfg in IsardVDI's checkout, by convention /opt/isard/src/isardvdi.cfg.",
    },
    {
        when: ({ cfg }) => cfg.brokenLine() !== undefined,
        seen: ({ cfg }) => `the shell finds no end of a quote in line ${cfg.brokenLine()}`,
        advice: "Close it.",
    },
    {
        when: ({ cfg }) => cfg.raw("FLAVOUR")?.endsWith("\r") === true,
        seen: () => "it has Windows line ends, which make FLAVOUR one that build.sh does not know",
        advice: "Convert it with sed -i 's/\\r$//', and run pulumi up again.",
    },
];

/** A file that build.sh could not work with is refused before anything is written. */
export function assertSane(seen: Seen | undefined, place: Place, where: string): Seen {
    const failure = (what: string, advice: string): Failure => ({
        code: "rejected",
        action: "change",
        resource: `${place.configPath} on ${where}`,
        seen: what,
        advice,
        property: "configPath",
    });
    if (!seen)
        throw new IsardvdiError(
            failure("there is no such file", "Correct configPath, or install IsardVDI there first."),
        );
    const problem = problems.find(({ when }) => when(seen));
    if (problem) throw new IsardvdiError(failure(problem.seen(seen), problem.advice));
    return seen;
}
