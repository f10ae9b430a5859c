/** One key of the `isardvdi` configuration namespace; the table in docs/ is generated from these rows. */
export interface ConfigurationKey {
    key: string;
    environment: string;
    secret?: true;
    /** The value is JSON text, or an object set with `--path`. */
    structured?: true;
    /** Only at the top level, never inside a site. */
    topLevel?: true;
    doc: string;
}

export const configurationKeys: readonly ConfigurationKey[] = [
    {
        key: "apiUrl",
        environment: "ISARDVDI_API_URL",
        doc: "Address of the IsardVDI portal, for example `https://isard.example.org`.",
    },
    {
        key: "apiToken",
        environment: "ISARDVDI_API_TOKEN",
        secret: true,
        doc: "An API key (preferred) or a login token of an administrator.",
    },
    {
        key: "apiSecret",
        environment: "ISARDVDI_API_SECRET",
        secret: true,
        doc: "The server's `API_ISARDVDI_SECRET` (or `API_HYPERVISORS_SECRET` with its kid); a short-lived service token is minted for each request.",
    },
    {
        key: "apiSecretKid",
        environment: "ISARDVDI_API_SECRET_KID",
        doc: "Which secret `apiSecret` is: `isardvdi` (default) or `isardvdi-hypervisors`.",
    },
    {
        key: "username",
        environment: "ISARDVDI_USERNAME",
        doc: "Administrator for a login session; use a dedicated account, because each login ends the session before it.",
    },
    { key: "password", environment: "ISARDVDI_PASSWORD", secret: true, doc: "Password of `username`." },
    { key: "category", environment: "ISARDVDI_CATEGORY", doc: "Category of `username`, `default` by default." },
    {
        key: "caCert",
        environment: "ISARDVDI_CA_CERT",
        doc: "PEM text of the authority that signed the portal's certificate.",
    },
    {
        key: "insecureSkipTlsVerify",
        environment: "ISARDVDI_INSECURE_SKIP_TLS_VERIFY",
        doc: "`true` accepts any certificate of the portal; `false` by default.",
    },
    {
        key: "allowHttp",
        environment: "ISARDVDI_ALLOW_HTTP",
        doc: "`true` lets an `apiUrl` of another machine begin with `http://`; without it nothing is written there; `false` by default.",
    },
    {
        key: "apiGeneration",
        environment: "ISARDVDI_API_GENERATION",
        doc: "`auto` (default), `v3` (releases up to 16) or `v4` (17 and later).",
    },
    {
        key: "rethinkdb",
        environment: "ISARDVDI_RETHINKDB",
        structured: true,
        secret: true,
        doc: 'The site\'s RethinkDB, for the change feed: `{host, port = 28015, user = "admin", password = "", db = "isard", tls = false, caCert}`; without `host` it is the database\'s container, reached through `server`.',
    },
    {
        key: "server",
        environment: "ISARDVDI_SERVER",
        structured: true,
        secret: true,
        doc: "SSH connection to the central server, or a name in `connections`: the way to its database, and to what explains a failure.",
    },
    {
        key: "sites",
        environment: "ISARDVDI_SITES",
        structured: true,
        secret: true,
        topLevel: true,
        doc: "Several sites by name, each with the keys above: `{bcn: {apiUrl: …}}`; a resource names its own with `site`.",
    },
    {
        key: "connections",
        environment: "ISARDVDI_CONNECTIONS",
        structured: true,
        secret: true,
        topLevel: true,
        doc: "SSH connections by name, for use wherever a resource takes a connection.",
    },
];
