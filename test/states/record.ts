import { existsSync, mkdirSync, mkdtempSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recipes } from "./recipes";
import { recordingOf } from "./recorder";
import { statesFolder, writeRecording, writeSums } from "./recording";

const usage = 'Usage: make states ARGS="RELEASE [CASE…] [--into FOLDER]"';

/** Records a release's states into a folder of their own, all of them or none; with --into, a try. */
async function main(words: readonly string[]): Promise<void> {
    const into = words.indexOf("--into");
    const folder = into < 0 ? statesFolder : words[into + 1];
    const [release, ...names] = words.filter((_, index) => into < 0 || (index !== into && index !== into + 1));
    if (folder === undefined || !/^\d+\.\d+\.\d+$/.test(release ?? "")) throw new Error(usage);
    const wanted = names.length === 0 ? recipes : recipes.filter(({ name }) => names.includes(name));
    const unknown = names.filter((name) => !recipes.some((each) => each.name === name));
    if (unknown.length > 0) throw new Error(`There is no case ${unknown.join(", ")}.`);
    if (into < 0 && names.length > 0)
        throw new Error("A release is recorded as a whole: give --into FOLDER for a try.");
    const place = join(folder, release ?? "");
    if (existsSync(place))
        throw new Error(`${place} is there already: a release is recorded once, and its states are never rewritten.`);
    mkdirSync(folder, { recursive: true });
    const made = mkdtempSync(join(into < 0 ? tmpdir() : folder, "recording-"));
    for (const recipe of wanted) {
        console.log(recipe.name);
        writeRecording(made, await recordingOf(recipe));
    }
    writeSums(made);
    renameSync(made, place);
}

main(process.argv.slice(2)).then(
    () => process.exit(0),
    (error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
        process.exit(1);
    },
);
