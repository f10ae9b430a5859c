/** Collects one stream of a command up to the line that begins with the mark, however small the pieces are. */
export class Capture {
    private held = Buffer.alloc(0);
    private size = 0;
    /** Where the mark is, once it is there. */
    private at = -1;
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
        const before = this.size;
        this.append(chunk);
        const held = this.held.subarray(0, this.size);
        // what was looked through once is not looked through again, but for what could be a mark's beginning
        if (this.at < 0) this.at = held.indexOf(this.mark, Math.max(0, before - this.mark.length));
        if (this.at < 0) return;
        const newline = held.indexOf("\n", Math.max(before, this.at));
        if (newline < 0) return;
        this.ending = held.toString("latin1", this.at + this.mark.length, newline).trim();
        this.size = this.at;
    }

    get text(): string {
        return this.held.toString("utf8", 0, this.size);
    }

    /** Into a buffer that doubles: a chunk of its own for each byte would hold a hundred times the output. */
    private append(chunk: Buffer): void {
        const size = this.size + chunk.length;
        if (size > this.held.length) {
            const larger = Buffer.allocUnsafe(Math.max(size, 2 * this.held.length));
            this.held.copy(larger, 0, 0, this.size);
            this.held = larger;
        }
        chunk.copy(this.held, this.size);
        this.size = size;
    }
}
