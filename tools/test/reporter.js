// mocha's own display, and the counts in a file for the runner.
const { writeFileSync } = require("node:fs");
const Mocha = require("mocha");

module.exports = class extends Mocha.reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        const skipped = [];
        const failed = [];
        runner.on("pending", (test) => skipped.push(test.fullTitle()));
        runner.on("fail", (test, { message }) => failed.push(`${test.fullTitle()}: ${String(message).slice(0, 400)}`));
        runner.once("end", () => {
            const { passes, failures, pending } = this.stats;
            writeFileSync(
                process.env.TEST_COUNTS,
                JSON.stringify({
                    passed: passes,
                    failed: failures,
                    skipped: pending,
                    skippedTitles: skipped,
                    failedTitles: failed,
                }),
            );
        });
    }
};
