import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandsOf } from "../../hypervisor-host/machine";

describe("a repository with a password in its address", () => {
    it("is told without it, where the checkout is another's", () => {
        const path = mkdtempSync(join(tmpdir(), "checkout-"));
        try {
            execFileSync("git", ["init", "-q", path]);
            execFileSync("git", ["-C", path, "remote", "add", "origin", "https://me:hunter-22@git.example.org/x.git"]);
            const text = commandsOf({ path }).source.create;
            const { status, stderr } = spawnSync("sh", [], { input: text, encoding: "utf8", timeout: 60_000 });
            assert.equal(status, 1);
            assert.match(stderr, /it is a checkout of https:\/\/git\.example\.org\/x\.git\. Give that/);
            assert.doesNotMatch(stderr, /hunter/);
        } finally {
            rmSync(path, { recursive: true });
        }
    });
});
