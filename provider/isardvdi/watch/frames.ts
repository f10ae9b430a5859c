import { Transform, type TransformCallback } from "node:stream";

/** A list of 10,000 hypervisors has about 10 MiB, and a greeting less than a kilobyte. */
const most = { greeting: 64 * 1024, message: 16 * 1024 * 1024 } as const;
/** Version and both halves of the log-in end with a NUL each; then come messages. */
const greetings = 3;
/** A query's token, and the length of what follows. */
const head = { size: 12, length: 8 } as const;

/**
 * What the database says, up to a message that is larger than any of its answers: the driver takes a length of up to
 * 4 GiB at its word, and keeps all that comes.
 */
export class Frames extends Transform {
    private greeted = 0;
    private greeting = 0;
    private readonly head = Buffer.alloc(head.size);
    private headSize = 0;
    private bodyLeft = 0;

    override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
        for (let at = 0; at < chunk.length;) {
            const next = this.greeted < greetings ? this.greet(chunk, at) : this.follow(chunk, at);
            if (next === undefined)
                return done(new Error("the database sends a message that is none of its own sizes"));
            at = next;
        }
        done(null, chunk);
    }

    /** Where to go on; undefined where it is too long. */
    private greet(chunk: Buffer, at: number): number | undefined {
        const end = chunk.indexOf(0, at);
        this.greeting += (end < 0 ? chunk.length : end) - at;
        if (this.greeting > most.greeting) return undefined;
        if (end < 0) return chunk.length;
        this.greeted += 1;
        this.greeting = 0;
        return end + 1;
    }

    private follow(chunk: Buffer, at: number): number | undefined {
        if (this.bodyLeft > 0) {
            const taken = Math.min(this.bodyLeft, chunk.length - at);
            this.bodyLeft -= taken;
            return at + taken;
        }
        const taken = chunk.copy(this.head, this.headSize, at, at + head.size - this.headSize);
        this.headSize += taken;
        if (this.headSize < head.size) return at + taken;
        this.headSize = 0;
        this.bodyLeft = this.head.readUInt32LE(head.length);
        return this.bodyLeft > most.message ? undefined : at + taken;
    }
}
