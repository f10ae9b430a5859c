import { printable } from "../provider/printable";

/** What a command is asked for. Only this module writes, so that nothing of others commands a terminal. */
export const say = (text: string): void => void process.stdout.write(printable(text));

/** A remark beside it, on a line of its own. */
export const remark = (text: string): void => void process.stderr.write(`${printable(text)}\n`);
