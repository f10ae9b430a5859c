import { obstacle } from "./packages";

let reason: string | undefined;

/** For a `before` hook: without what the lab needs, its tests are skipped, and the reason is their title. */
export function needsLab(this: Mocha.Context): void {
    reason ??= obstacle();
    if (!reason) return;
    // there nobody would read it
    if (process.env.CI === "true") throw new Error(`The lab cannot be used: ${reason}`);
    console.log(`      SKIPPED, the lab cannot be used: ${reason}`);
    this.skip();
}
