/** Of JSON: neither null nor a list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

/** What others sent, so far as it has parts. */
export const asObject = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});
