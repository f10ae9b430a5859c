type Format = (error: Error, frames: readonly unknown[]) => unknown;

/** V8's hook for the text of a stack trace; absent unless somebody sets one, as Pulumi does for source maps. */
const hook = "prepareStackTrace";

/**
 * Until the returned function is called, a stack trace that is formatted is formatted without source maps, which take
 * ten times as long. Pulumi formats four for each property of a resource while it is constructed, and shows none of
 * them. What it asks for without a limit tells the engine the resource's place in the program, and stays as it is, as
 * does the trace of an error, which is formatted when it is shown.
 */
export function plainStackTraces(): () => void {
    const theirs = Reflect.get(Error, hook) as Format | undefined;
    const plain: Format = (error, frames) =>
        Error.stackTraceLimit === Infinity && theirs
            ? theirs(error, frames)
            : `${String(error)}\n    at ${frames.map(String).join("\n    at ")}`;
    Reflect.set(Error, hook, plain);
    return () => void (theirs ? Reflect.set(Error, hook, theirs) : Reflect.deleteProperty(Error, hook));
}
