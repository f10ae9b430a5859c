import { strict as assert } from "node:assert";
import { Readable } from "node:stream";
import { BodyTooLong, textOf } from "../../../provider/isardvdi/body-limit";

const mebibyte = 1024 * 1024;

/** An answer of so many pieces of one size, and how many of them were asked for. */
function answer(piece: Uint8Array, count = Infinity): { body: Readable; asked: () => number } {
    let asked = 0;
    const body = new Readable({
        read() {
            this.push(asked < count ? piece : null);
            asked += 1;
        },
    });
    return { body, asked: () => asked };
}

describe("the body of an answer", () => {
    it("is read whole, also where a character is torn between two pieces", async () => {
        const [first, second] = [Buffer.from([0x41, 0xc3]), Buffer.from([0xb1, 0x42])];
        assert.equal(await textOf(Readable.from([first, second])), "AñB");
        assert.equal(await textOf(Readable.from([])), "");
    });

    it("may have 16 MiB, and not a byte more", async () => {
        const { body } = answer(Buffer.alloc(mebibyte, "x"), 16);
        assert.equal((await textOf(body)).length, 16 * mebibyte);
        const one = Buffer.alloc(mebibyte, "x");
        const more = Readable.from([...Array<Buffer>(16).fill(one), Buffer.from("y")]);
        await assert.rejects(textOf(more), BodyTooLong);
        assert.ok(more.destroyed);
    });

    it("that never ends is left, and its stream destroyed", async () => {
        const { body, asked } = answer(Buffer.alloc(mebibyte));
        await assert.rejects(textOf(body), /more than 16 MiB/);
        assert.ok(body.destroyed);
        assert.ok(asked() < 20, `${asked()} pieces were read`);
    });

    it("that drips ends with the stream's own end, such as the deadline's", async () => {
        const over = new AbortController();
        let drops = 0;
        const body = new Readable({
            signal: over.signal,
            read() {
                drops += 1;
                if (drops === 1000) over.abort(new Error("no answer in 30 s"));
                else setImmediate(() => this.push("."));
            },
        });
        await assert.rejects(textOf(body), { name: "AbortError" });
        assert.ok(body.destroyed);
    });
});
