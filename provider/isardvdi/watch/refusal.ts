import { asObject } from "../../is-object";
import { type ErrorCode, IsardvdiError } from "../../errors";

interface Row {
    says: RegExp;
    code: ErrorCode;
    advice: string;
    /** Trying again changes nothing. */
    isFinal?: true;
}

/** So much of an error is looked at and told. */
const longest = 1000;
const configured = "isardvdi:rethinkdb";

/** What the driver's errors mean; the first row that fits the name or the text speaks. */
const rows: readonly Row[] = [
    {
        says: /Wrong password|Unknown user|ReqlAuthError/i,
        code: "unauthorized",
        advice: `Correct user and password in ${configured}`,
        isFinal: true,
    },
    {
        says: /Database `.*` does not exist/,
        code: "not-found",
        advice: `Correct db in ${configured} (IsardVDI's own is "isard")`,
        isFinal: true,
    },
    {
        says: /Table `.*` does not exist/,
        code: "not-found",
        advice: `Correct host and db in ${configured}: this is no database of IsardVDI`,
        isFinal: true,
    },
    {
        says: /ReqlPermissionError|does not have the required/,
        code: "forbidden",
        advice: `Grant the user of ${configured} read on the hypervisors table, or use another one`,
        isFinal: true,
    },
    {
        says: /certificate|self.signed|altnames|wrong version number|EPROTO|ERR_TLS|ERR_SSL/i,
        code: "tls",
        advice: `Correct tls and caCert in ${configured}`,
        isFinal: true,
    },
];

const unreachable: Omit<Row, "says"> = {
    code: "unreachable",
    advice: `Check host and port in ${configured}, and that isard-db runs; where it is not reachable from here, set isardvdi:server`,
};

/** Why the change feed cannot be had. */
export class FeedRefused extends IsardvdiError {
    constructor(
        cause: unknown,
        where: string,
        readonly isFinal = false,
        row: Omit<Row, "says"> = unreachable,
    ) {
        super({
            code: row.code,
            action: "follow",
            resource: `the database ${where}`,
            seen: seenOf(cause),
            advice: `${row.advice}.`,
            property: configured,
            retryable: !isFinal,
            cause,
        });
    }
}

export function refusalOf(error: unknown, where: string): FeedRefused {
    if (error instanceof FeedRefused) return error;
    const { name = "", message = "", code = "" } = asObject(error);
    const words = `${String(name)} ${String(code)} ${String(message).slice(0, longest)}`;
    const row = rows.find(({ says }) => says.test(words));
    return new FeedRefused(error, where, row?.isFinal ?? false, row);
}

/** The driver appends the whole query and marks a place in it: its first line says enough. */
function seenOf(cause: unknown): string {
    const { msg, message } = asObject(cause);
    const [line = ""] = String(msg ?? message ?? cause).split("\n");
    const said = line
        .slice(0, longest)
        .trimEnd()
        .replace(/(?:\sin)?[.:]$/, "")
        .trimEnd();
    return said || "it does not answer";
}
