/** Values from callbacks, read as a stream; `fail` ends it with an error. */
export class Channel<T> implements AsyncIterable<T> {
    private readonly values: T[] = [];
    private error: { reason: unknown } | undefined;
    private wake: () => void = () => undefined;

    push(value: T): void {
        this.values.push(value);
        this.wake();
    }

    fail(reason: unknown): void {
        this.error ??= { reason };
        this.wake();
    }

    async *[Symbol.asyncIterator](): AsyncGenerator<T> {
        for (;;) {
            for (let value = this.values.shift(); value !== undefined; value = this.values.shift()) yield value;
            if (this.error) throw this.error.reason;
            await new Promise<void>((resolve) => (this.wake = resolve));
        }
    }
}
