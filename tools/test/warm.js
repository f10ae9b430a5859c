// Node keeps what it has compiled only when a process ends by itself, and a provider process is ended by a signal:
// so what those load is loaded here once, with NODE_COMPILE_CACHE as the tests have it.
const { join } = require("node:path");

process.argv[2] = "127.0.0.1:1";
// it prints the port that it listens on
process.stdout.write = () => true;
require("@pulumi/pulumi/cmd/dynamic-provider");
const provider = join(__dirname, "..", "..", "dist", "provider");
require(provider);
for (const heavy of ["zod", "ssh2", "rethinkdb-ts", "undici"]) require(heavy);
setTimeout(() => process.exit(0), 200);
