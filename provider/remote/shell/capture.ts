/** Collects one stream of a command up to the line that begins with the mark. */
export class Capture {
    private readonly chunks: Buffer[] = [];
    private size = 0;
    private tail = Buffer.alloc(0);
    private ending: string | undefined;

    constructor(private readonly mark: string) {}

    get bytes(): number {
        return this.size;
    }

    /** What stood in the marked line after the mark; undefined until it is there. */
    get end(): string | undefined {
        return this.ending;
    }

    push(chunk: Buffer): void {
        if (this.ending !== undefined) return;
        this.chunks.push(chunk);
        this.size += chunk.length;
        const seen = Buffer.concat([this.tail, chunk]);
        const at = seen.indexOf(this.mark);
        const newline = at < 0 ? -1 : seen.indexOf("\n", at);
        if (newline >= 0) {
            this.ending = seen.toString("latin1", at + this.mark.length, newline).trim();
            this.cut(this.size - (seen.length - at));
        } else {
            // from a mark that has begun, else as much as could be the beginning of one
            this.tail = at >= 0 ? seen.subarray(at) : seen.subarray(Math.max(0, seen.length - this.mark.length));
        }
    }

    get text(): string {
        return Buffer.concat(this.chunks).toString("utf8");
    }

    private cut(length: number): void {
        const whole = Buffer.concat(this.chunks).subarray(0, length);
        this.chunks.splice(0, this.chunks.length, whole);
        this.size = length;
    }
}
