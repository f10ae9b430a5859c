import type { Clock, World } from "../../provider/world";
import { fakeClock } from "./fake-clock";

/** A world whose log is kept and whose clock jumps. */
export function testWorld(
    clock: Clock = fakeClock(),
): World & { lines: { level: string; message: string; at: number }[]; abort: (reason?: Error) => void } {
    const controller = new AbortController();
    const lines: { level: string; message: string; at: number }[] = [];
    const line = (level: string) => (message: string) => void lines.push({ level, message, at: clock.now() });
    return {
        clock,
        signal: controller.signal,
        log: {
            debug: line("debug"),
            info: line("info"),
            warn: line("warn"),
            error: line("error"),
            status: line("status"),
        },
        lines,
        abort: (reason = new Error("cancelled")) => controller.abort(reason),
    };
}
