import { existsSync, readFileSync } from "node:fs";

export interface Diagnostic {
    urn?: string;
    message: string;
    severity: string;
    ephemeral?: boolean;
}
interface Event {
    diagnosticEvent?: Diagnostic;
    summaryEvent?: { resourceChanges: Record<string, number> };
}

/** What the engine told the CLI, in the file of `--event-log`. */
export class EventLog {
    constructor(private readonly path: string) {}

    diagnostics(): Diagnostic[] {
        return this.events().flatMap(({ diagnosticEvent }) => (diagnosticEvent ? [diagnosticEvent] : []));
    }

    /** The passing lines on a resource's own line. */
    statusLines(urn = ""): string[] {
        return this.diagnostics()
            .filter((each) => each.ephemeral === true && (each.urn ?? "").endsWith(urn))
            .map(({ message }) => message.trim());
    }

    /** How many resources were created, updated, the same and so on. */
    changes(): Record<string, number> {
        return this.events().find(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {};
    }

    private events(): Event[] {
        if (!existsSync(this.path)) return [];
        const lines = readFileSync(this.path, "utf8").split("\n");
        return lines.flatMap((line) => parsed(line));
    }
}

/** The last line may be half written while the CLI runs. */
function parsed(line: string): Event[] {
    try {
        return [JSON.parse(line) as Event];
    } catch {
        return [];
    }
}
