/** The server's clock, and every delay of the site: scaled, and gone without a trace at stop. */
export class SiteClock {
    private readonly timers = new Set<NodeJS.Timeout>();
    private stopped = false;
    /** Milliseconds of the site that its work has waited, all together. */
    slept = 0;

    constructor(
        readonly scale: number,
        private offsetMs: number,
    ) {}

    /** Sets the server's clock forward. */
    forward(seconds: number): void {
        this.offsetMs += seconds * 1000;
    }

    /** Not scaled: tokens are minted by the clients' real clocks. */
    epochMs(): number {
        return Date.now() + this.offsetMs;
    }

    epochSeconds(): number {
        return Math.floor(this.epochMs() / 1000);
    }

    after(ms: number, action: () => void): () => void {
        if (this.stopped) return () => undefined;
        const timer = setTimeout(() => {
            this.timers.delete(timer);
            action();
        }, ms / this.scale);
        this.timers.add(timer);
        return () => {
            clearTimeout(timer);
            this.timers.delete(timer);
        };
    }

    every(ms: number, action: () => void): () => void {
        let cancel = (): void => undefined;
        const again = (): void => {
            cancel = this.after(ms, () => {
                again();
                action();
            });
        };
        again();
        return () => cancel();
    }

    /** Stays pending forever when the site stops: nobody is left to go on. */
    sleep(ms: number): Promise<void> {
        this.slept += ms;
        return new Promise((resolve) => this.after(ms, resolve));
    }

    stop(): void {
        this.stopped = true;
        for (const timer of this.timers) clearTimeout(timer);
        this.timers.clear();
    }
}
