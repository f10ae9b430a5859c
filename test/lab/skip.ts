import { type Engine, engineObstacle, obstacle } from "./packages";

const reasons = new Map<string, string>();

/** For a `before` hook: without what the lab needs, its tests are skipped, and the reason is their title. */
export function needsLab(this: Mocha.Context): void {
    skipFor(this, "The lab", obstacle);
}

/** The same for a Docker engine that the lab's Debian does not have. */
export const needsEngine = (engine: Engine) =>
    function (this: Mocha.Context): void {
        skipFor(this, "The lab", obstacle);
        skipFor(this, `Docker ${engine}`, () => engineObstacle(engine));
    };

function skipFor(context: Mocha.Context, what: string, look: () => string): void {
    const reason = reasons.get(what) ?? look();
    reasons.set(what, reason);
    if (!reason) return;
    // there nobody would read it
    if (process.env.CI === "true") throw new Error(`${what} cannot be used: ${reason}`);
    console.log(`      SKIPPED, ${what} cannot be used: ${reason}`);
    context.skip();
}
