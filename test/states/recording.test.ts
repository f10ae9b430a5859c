import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { recipes } from "./recipes";
import { recordingOf } from "./recorder";
import { printRecording, readRecording, recordedCases, recordedReleases, statesFolder, writeSums } from "./recording";

const root = resolve(__dirname, "../..");
const name = "hypervisor-v4-disabled";

describe("recorded states", () => {
    it("are those of every release so far, each with every case that its sums name", () => {
        assert.ok(recordedReleases().includes("0.1.0"));
        for (const release of recordedReleases())
            for (const each of recordedCases(release)) readRecording(release, each);
    });

    it("are all replayed by one of the files here", () => {
        const replayed = /^(hypervisor-v\d-|port-forward-|(server|video-proxy)-config|example-|hypervisor-host$)/;
        for (const release of recordedReleases())
            for (const each of recordedCases(release)) assert.match(each, replayed);
    });

    it("are the same bytes when they are recorded twice", async function () {
        this.timeout(300_000);
        const recipe = recipes.find((each) => each.name === name) ?? assert.fail(name);
        const [first, second] = await Promise.all([recordingOf(recipe), recordingOf(recipe)]);
        assert.deepEqual(printRecording(first), printRecording(second));
    });

    it("are never written over", () => {
        const script = join(statesFolder, "record.ts");
        const node = ["-r", join(root, "tools/test/register.js"), script, "0.1.0"];
        assert.throws(
            () => execFileSync(process.execPath, node, { cwd: root, encoding: "utf8", stdio: "pipe" }),
            /0\.1\.0 is there already: a release is recorded once, and its states are never rewritten\./,
        );
    });
});

describe("a damaged recording", () => {
    let folder: string;
    const place = (file: string): string => join(folder, "0.1.0", name, file);
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "states-"));
        mkdirSync(join(folder, "0.1.0"));
        cpSync(join(statesFolder, "0.1.0", name), join(folder, "0.1.0", name), { recursive: true });
        writeSums(join(folder, "0.1.0"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const damages: Record<string, [damage: () => void, told: RegExp]> = {
        "without a file": [() => rmSync(place("held.json")), /held\.json is missing/],
        "with half a file": [
            () => writeFileSync(place("stack.json"), readFileSync(place("stack.json"), "utf8").slice(0, 99)),
            /stack\.json is no JSON \(.*\)/,
        ],
        "with a file of somebody else": [
            () => writeFileSync(place("before.json"), "{}\n"),
            /before\.json is another one than SHA256SUMS says/,
        ],
        "of another version": [
            () => {
                writeFileSync(
                    place("case.json"),
                    readFileSync(place("case.json"), "utf8").replace('"version": 1', '"version": 2'),
                );
                writeSums(join(folder, "0.1.0"));
            },
            /case\.json is of version 2, and this reader knows 1/,
        ],
        "without its sums": [() => rmSync(join(folder, "0.1.0", "SHA256SUMS")), /SHA256SUMS is missing/],
        "with sums that are none": [
            () => writeFileSync(join(folder, "0.1.0", "SHA256SUMS"), "nothing\n"),
            /SHA256SUMS has the line "nothing"/,
        ],
    };
    for (const [how, [damage, told]] of Object.entries(damages))
        it(`${how} is named in one sentence`, () => {
            damage();
            assert.throws(
                () => readRecording("0.1.0", name, folder),
                (error: Error) => {
                    assert.match(error.message, told);
                    assert.match(
                        error.message,
                        /^The recorded state \S*0\.1\.0\S* is damaged: [^\n]*; put it back as it was recorded\.$/,
                    );
                    return true;
                },
            );
        });
});
