import type { Readable } from "node:stream";

/** No answer of the API comes near this; a list of 10,000 hypervisors has about 10 MiB. */
const limitMiB = 16;

/** The server goes on and on; the rest was not read. */
export class BodyTooLong extends Error {
    constructor() {
        super(`more than ${limitMiB} MiB`);
    }
}

/** The whole text of an answer; past the limit its stream is destroyed, and with it the connection. */
export async function textOf(body: Readable): Promise<string> {
    const chunks: Uint8Array[] = [];
    let left = limitMiB * 1024 * 1024;
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
        left -= chunk.length;
        if (left < 0) throw new BodyTooLong();
        chunks.push(chunk);
    }
    return new TextDecoder().decode(Buffer.concat(chunks));
}
