import fc from "fast-check";

/** What a site's program declares at one moment. */
export interface Wish {
    hypervisors: Record<
        string,
        { description?: string; onlyForced?: boolean; minFreeMemGb?: number; viewers?: string }
    >;
    /** Hostnames of the video proxy's list. */
    video?: string[];
    settings?: Record<string, string>;
}

/** Something that goes wrong, or that somebody else does, while an operation runs. */
export type Trouble =
    | { kind: "api"; fault: "drop" | "badjson" | "html" | 500 | 503 | 429; times: number; after: boolean }
    | { kind: "ssh"; afterBytes: number; refusedMs: number }
    | { kind: "killed"; afterMs: number }
    | { kind: "restart"; afterMs: number; forMs: number }
    | { kind: "away"; host: string; forMs: number }
    | { kind: "foreign"; act: ForeignAct; host: string; afterMs: number };

const foreignActs = [
    "disables",
    "describes",
    "deletes",
    "flushes",
    "forwards",
    "adds-a-line",
    "changes-a-line",
] as const;
export type ForeignAct = (typeof foreignActs)[number];

/** One operation on the stack, and what goes wrong meanwhile. */
export interface Step {
    operation: "up" | "refresh" | "destroy";
    wish: Wish;
    trouble?: Trouble;
}

/** A site and what happens to it; as JSON it can be played again. */
export interface Story {
    generation: "v3" | "v4";
    /** Whether the server's containers are made anew from a changed file, and watched for seconds. */
    applies: boolean;
    steps: Step[];
}

export const hosts = ["h1", "h2"] as const;
const host = fc.constantFrom(...hosts);
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

const hypervisor = fc.record(
    {
        description: fc.constantFrom("rack 1", "rack 2", 'quo"ted', "ñandú"),
        onlyForced: fc.boolean(),
        minFreeMemGb: fc.integer({ min: 0, max: 64 }),
        viewers: fc.constantFrom("5900-7899", "5900-6000"),
    },
    { requiredKeys: [] },
);

/** A change of the program: of one hypervisor, or of the server's file; undefined takes it out. */
type Edit =
    { host: string; hypervisor: Wish["hypervisors"][string] | undefined } | Partial<Pick<Wish, "video" | "settings">>;

const edit: fc.Arbitrary<Edit> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ host, hypervisor: fc.option(hypervisor, { nil: undefined, freq: 4 }) }) },
    {
        weight: 1,
        arbitrary: fc.record({ video: maybe(fc.uniqueArray(host, { minLength: 1, maxLength: hosts.length })) }),
    },
    {
        weight: 1,
        arbitrary: fc.record({
            settings: maybe(
                fc.record(
                    {
                        SESSIONS_EXPIRATION: fc.constantFrom("5m", "10m", "1h"),
                        REDIS_PASSWORD: fc.nat({ max: 9 }).map((digit) => `redis-secret-${digit}`),
                    },
                    { requiredKeys: ["SESSIONS_EXPIRATION"] },
                ),
            ),
        }),
    },
);

function edited(wish: Wish, change: Edit): Wish {
    if (!("host" in change)) return { ...wish, ...change };
    const { [change.host]: _old, ...others } = wish.hypervisors;
    return { ...wish, hypervisors: change.hypervisor ? { ...others, [change.host]: change.hypervisor } : others };
}

const moment = fc.noBias(fc.integer({ min: 0, max: 2500 }));
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
    fc.record({
        kind: fc.constant("api" as const),
        fault: fc.constantFrom(
            "drop" as const,
            "badjson" as const,
            "html" as const,
            500 as const,
            503 as const,
            429 as const,
        ),
        times: fc.integer({ min: 1, max: 8 }),
        after: fc.boolean(),
    }),
    fc.record({
        kind: fc.constant("ssh" as const),
        afterBytes: fc.noBias(fc.integer({ min: 0, max: 60_000 })),
        refusedMs: fc.integer({ min: 0, max: 1000 }),
    }),
    fc.record({ kind: fc.constant("killed" as const), afterMs: moment }),
    fc.record({
        kind: fc.constant("restart" as const),
        afterMs: moment,
        forMs: fc.noBias(fc.integer({ min: 50, max: 800 })),
    }),
    fc.record({ kind: fc.constant("away" as const), host, forMs: fc.noBias(fc.integer({ min: 50, max: 800 })) }),
    fc.record({ kind: fc.constant("foreign" as const), act: fc.constantFrom(...foreignActs), host, afterMs: moment }),
);

const step = fc.record({
    operation: fc.oneof(
        { weight: 8, arbitrary: fc.constant("up" as const) },
        { weight: 1, arbitrary: fc.constant("refresh" as const) },
        { weight: 1, arbitrary: fc.constant("destroy" as const) },
    ),
    edits: fc.array(edit, { minLength: 1, maxLength: 2 }),
    trouble: fc.option(trouble, { nil: undefined, freq: 8 }),
});

/** The same steps as shorter stories, each of which begins in a world of its own with an up, for it needs a program. */
export function partsOf(story: Story, length: number): Story[] {
    const parts: Step[][] = [];
    for (const step of story.steps) {
        const last = parts.at(-1);
        if (!last || (last.length >= length && step.operation === "up")) parts.push([step]);
        else last.push(step);
    }
    return parts.map((steps) => ({ ...story, steps }));
}

/** The same story for the same seed. */
export function storyOf(seed: number, steps: number): Story {
    let wish: Wish = { hypervisors: { h1: {} } };
    return {
        generation: seed % 2 === 0 ? "v4" : "v3",
        applies: seed % 4 === 0,
        steps: fc.sample(step, { seed, numRuns: steps }).map(({ operation, edits, trouble }) => {
            wish = edits.reduce(edited, wish);
            return { operation, wish, ...(trouble && { trouble }) };
        }),
    };
}
