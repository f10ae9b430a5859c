import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Capture } from "../../../provider/remote/shell/capture";

const mark = "mark0123";
/** Bytes beside the text that wait for more: the buffers' whole size. */
const memory = (): number => process.memoryUsage().arrayBuffers;

describe("what a command prints", () => {
    it("ends with the line of the mark, wherever it is torn", () => {
        fc.assert(
            fc.property(fc.string(), fc.array(fc.nat({ max: 40 }), { maxLength: 10 }), (text, cuts) => {
                fc.pre(!text.includes(mark));
                const bytes = Buffer.from(`${text}${mark} 7 0\nwhat comes later`);
                const capture = new Capture(mark);
                const places = [...new Set([0, ...cuts, bytes.length])].sort((a, b) => a - b);
                places.slice(1).forEach((to, index) => capture.push(bytes.subarray(places[index], to)));
                assert.equal(capture.end, "7 0");
                assert.equal(capture.text, Buffer.from(text).toString());
            }),
        );
    });

    it("takes about as much memory as it is long, where it comes byte by byte", () => {
        const capture = new Capture(mark);
        const before = memory();
        const size = 256 * 1024;
        for (let at = 0; at < size; at += 1) capture.push(Buffer.alloc(1, "x"));
        assert.equal(capture.bytes, size);
        capture.push(Buffer.from(`${mark} 0 0\n`));
        assert.equal(capture.text.length, size);
        assert.ok(memory() - before < 8 * size, `${memory() - before} bytes`);
    });

    it("is gone through once, also where the mark's line never ends", () => {
        const capture = new Capture(mark);
        capture.push(Buffer.from(mark));
        // each from the mark on would be 10 GB
        for (let at = 0; at < 200_000; at += 1) capture.push(Buffer.alloc(1, "x"));
        assert.equal(capture.end, undefined);
        assert.equal(capture.bytes, 200_000 + mark.length);
    });
});
