const LINES = 1_000;

/** The log of one of the site's services: its last lines. */
export class Journal {
    readonly lines: string[] = [];

    constructor(private readonly now: () => number) {}

    info(message: string): void {
        this.add("INFO", message);
    }

    error(message: string): void {
        this.add("ERROR", message);
    }

    private add(level: string, message: string): void {
        const time = new Date(this.now()).toISOString().replace("T", " ").slice(0, 23);
        this.lines.push(`${time} - ${level} - ${message}`);
        if (this.lines.length > LINES) this.lines.shift();
    }
}
