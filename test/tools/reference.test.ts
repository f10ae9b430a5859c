import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generated } from "../../tools/reference/files";

describe("reference", () => {
    for (const [path, text] of Object.entries(generated())) {
        it(`${path} is what the tables say; run "npm run reference" when it is not`, () => {
            assert.equal(readFileSync(join(__dirname, "..", "..", path), "utf8"), text);
        });
    }
});
