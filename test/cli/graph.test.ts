import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { draw } from "../../cli/graph/draw";
import { picturesOf } from "../../cli/graph/model";
import { optionsOf } from "../../cli/graph/options";
import { element, escaped, line } from "../../cli/graph/svg";

interface State {
    deployment: { resources: { type: string; outputs: Record<string, unknown> }[] };
}
const read = (): State => JSON.parse(readFileSync(join(__dirname, "site-state.json"), "utf8")) as State;

/** Names of the elements that are open at the end; a text that is no XML throws. */
function wellFormed(xml: string): void {
    const open: string[] = [];
    let rest = xml;
    while (rest !== "") {
        const [all = "", close, name = "", attributes = "", single] =
            /^<(\/?)([a-z]+)((?: [A-Za-z:]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)(\/?)>/.exec(rest) ?? [];
        if (all === "") {
            const text = /^(?:[^<&]|&(?:amp|lt|gt|quot);)+/.exec(rest)?.[0] ?? "";
            assert.notEqual(text, "", `no XML: ${rest.slice(0, 80)}`);
            rest = rest.slice(text.length);
            continue;
        }
        if (close) assert.equal(open.pop(), name);
        else if (!single) open.push(name);
        assert.ok(close === "" || attributes === "");
        rest = rest.slice(all.length);
    }
    assert.deepEqual(open, []);
}

describe("pulumi-isardvdi graph", () => {
    it("knows whose each forward is, by the connection's name or its host", () => {
        const [picture, ...more] = picturesOf(read());
        assert.deepEqual(more, []);
        assert.deepEqual(
            picture?.hosts.map(({ name, hypervisors, forwards }) => [
                name,
                hypervisors.map(({ id }) => id),
                forwards.length,
            ]),
            [
                ["h1.example.org", ["h1"], 1],
                ["h2.example.org", ["h2"], 2],
                ["h3.example.org", ["h3"], 2],
            ],
        );
        assert.deepEqual(picture?.server?.video, ["h2.example.org", "h3.example.org"]);
        assert.equal(picture?.server?.forwards[0]?.text, "tcp 6379 → 172.31.255.12:6379 from 198.51.100.0/24");
    });

    it("draws each status by word, sign and colour, and a tunnel that is down as a broken line", () => {
        const svg = draw(picturesOf(read()));
        wellFormed(svg);
        assert.equal(svg.match(/class="name good">●</g)?.length, 2);
        assert.equal(svg.match(/class="name bad">✖</g)?.length, 1);
        assert.equal(svg.match(/class="tunnel"/g)?.length, 2);
        assert.equal(svg.match(/class="tunnel broken"/g)?.length, 1);
        assert.match(svg, /<desc>h1: Online; h2: Online; h3: Error<\/desc>/);
    });

    it("has no secret in it, nor what is not ours", () => {
        const svg = draw(picturesOf(read()));
        assert.match(svg, /REDIS_PASSWORD/, "the name of a key is no secret");
        assert.doesNotMatch(svg, /hunter|PRIVATE KEY|not-ours/);
    });

    it("is the same picture for the same resources in any order", () => {
        const other = read();
        other.deployment.resources.reverse();
        assert.equal(draw(picturesOf(other)), draw(picturesOf(read())));
    });

    it("draws a stack whose secrets are encrypted, by the machines' ids", () => {
        const state = read();
        for (const { outputs } of state.deployment.resources)
            for (const [key, value] of Object.entries(outputs))
                if (JSON.stringify(value).includes("4dabf18193072939515e22adb298388d"))
                    outputs[key] = {
                        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                        ciphertext: "v1:x",
                    };
        const svg = draw(picturesOf(state));
        wellFormed(svg);
        assert.match(svg, /server 53d0a6be/);
        assert.match(svg, /h3: Error, Hypervisor not reachable/);
    });

    it("draws the sites of one stack one below the other, without an overlap", () => {
        const state = read();
        const again = read().deployment.resources.map((each) => ({
            ...each,
            outputs: { ...each.outputs, site: "mad" },
        }));
        state.deployment.resources.push(...again);
        const svg = draw(picturesOf(state));
        const boxes = [...svg.matchAll(/class="machine" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g)].map(
            ([, ...numbers]) => numbers.map(Number),
        );
        assert.equal(boxes.length, 8);
        const [, , width = 0, height = 0] = (/viewBox="([\d ]+)"/.exec(svg)?.[1] ?? "").split(" ").map(Number);
        for (const [index, [x = 0, y = 0, w = 0, h = 0]] of boxes.entries()) {
            assert.ok(x + w <= width && y + h <= height);
            for (const [x2 = 0, y2 = 0, w2 = 0, h2 = 0] of boxes.slice(index + 1))
                assert.ok(x + w <= x2 || x2 + w2 <= x || y + h <= y2 || y2 + h2 <= y, `${y} and ${y2}`);
        }
    });

    it("holds any text as text", () => {
        const evil = '</text><script>alert("1")</script>&\u0000\u0007\ud800';
        assert.equal(escaped(evil), "&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;\ufffd\ufffd");
        assert.equal(escaped("\u001b[31mred \u0085\u202e\u007f"), "red \ufffd\ufffd\ufffd");
        wellFormed(element("svg", { id: evil }, line(0, 0, 60, `${evil}${evil}`)));
        const state = read();
        for (const { outputs } of state.deployment.resources) if ("detail" in outputs) outputs["detail"] = evil;
        wellFormed(draw(picturesOf(state)));
    });

    it("has nothing to draw of a stack without resources of ours, and refuses two sources", () => {
        assert.deepEqual(picturesOf({ deployment: { resources: [{ type: "pulumi:pulumi:Stack" }] } }), []);
        assert.deepEqual(picturesOf({}), []);
        assert.throws(() => optionsOf(["--stack", "dev", "--state", "-"]), /not both/);
    });

    it("has made the picture of the documentation", () => {
        const committed = readFileSync(resolve(__dirname, "../../docs/images/site.svg"), "utf8");
        assert.equal(
            committed,
            draw(picturesOf(read())),
            "pulumi-isardvdi graph --state test/cli/site-state.json --out docs/images/site.svg",
        );
    });
});
