// TypeScript for the tests, compiled once by `tsc -b`: what is older than its source goes through ts-node instead.
const { existsSync, readFileSync, statSync } = require("node:fs");
const { join, relative } = require("node:path");
const { pathToFileURL } = require("node:url");

const root = join(__dirname, "..", "..");
const shipped = /^(provider|sdk|cli|sandbox)\//;

process.setSourceMapsEnabled(true);
require.extensions[".ts"] = load;

function load(module, file) {
    const compiled = compiledFrom(file);
    if (compiled === undefined) throughTsNode()(module, file);
    else module._compile(compiled, file);
}

let tsNode;
function throughTsNode() {
    if (tsNode) return tsNode;
    // it compiles what the handler before it would load: that must not be this one
    delete require.extensions[".ts"];
    require("ts-node").register();
    tsNode = require.extensions[".ts"];
    require.extensions[".ts"] = load;
    return tsNode;
}

function compiledFrom(file) {
    const path = relative(root, file);
    const folder = join(root, shipped.test(path) ? "dist" : join(".local", "compiled"));
    const output = join(folder, path.replace(/ts$/, "js"));
    const looked = statSync(join(folder, ".tsbuildinfo"), { throwIfNoEntry: false });
    if (looked === undefined || looked.mtimeMs < statSync(file).mtimeMs || !existsSync(output)) return undefined;
    const code = readFileSync(output, "utf8");
    // the module keeps the name of its source, and the map lies beside the output
    return code.replace(/(\/\/# sourceMappingURL=)(\w[^/]*\.map)\s*$/, (_, comment, map) => {
        return comment + pathToFileURL(join(output, "..", map)).href;
    });
}
