import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import fc from "fast-check";
import { Frames } from "../../../../provider/isardvdi/watch/frames";
import { openTunnel } from "../../../../provider/isardvdi/watch/tunnel";

const greeting = Buffer.from('{"success":true}\0{"success":true}\0{"success":true}\0');
const message = (size: number, body = Buffer.alloc(size, "x")): Buffer => {
    const head = Buffer.alloc(12, 1);
    head.writeUInt32LE(size, 8);
    return Buffer.concat([head, body]);
};

describe("what a database sends", () => {
    it("comes through as it is, however it is torn", () =>
        fc.assert(
            fc.property(fc.array(fc.nat({ max: 300 })), fc.array(fc.integer({ min: 1, max: 50 })), (sizes, steps) => {
                const all = Buffer.concat([greeting, ...sizes.map((size) => message(size))]);
                const frames = new Frames({ highWaterMark: 1 << 20 });
                let turn = 0;
                for (let at = 0; at < all.length; turn += 1) {
                    const step = steps[turn % steps.length] ?? all.length;
                    frames.write(all.subarray(at, at + step));
                    at += step;
                }
                const out = frames.read() as Buffer | null;
                assert.deepEqual(out, all);
            }),
        ));

    for (const [what, bytes] of [
        ["a message of 4 GiB", Buffer.concat([greeting, message(0xffff_ffff, Buffer.alloc(0))])],
        ["a message a byte too long", Buffer.concat([greeting, message(0x100_0001, Buffer.alloc(0))])],
        ["a greeting that never ends", Buffer.alloc(100_000, "x")],
    ] as const)
        it(`is cut off at ${what}, and the tunnel says so`, async () => {
            let other: Socket | undefined;
            const server = createServer((socket) => {
                other = socket.on("error", () => undefined);
                socket.write(bytes);
            });
            server.listen(0, "127.0.0.1");
            await once(server, "listening");
            const far = connect((server.address() as AddressInfo).port, "127.0.0.1");
            const tunnel = await openTunnel(far);
            const near = connect(tunnel.path).on("error", () => undefined);
            near.resume();
            await once(near, "close");
            assert.match(String(tunnel.why()), /a message that is none of its own sizes/);
            assert.ok(far.destroyed);
            tunnel.close();
            other?.destroy();
            server.close();
        });
});
