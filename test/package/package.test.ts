import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { must, root, UserProject } from "./workspace";

const program = (args: string): string => `import * as pulumi from "@pulumi/pulumi";
import { Hypervisor, type HypervisorArgs, type ConnectionArgs } from "pulumi-isardvdi";

const connection: ConnectionArgs = { host: "h1.example.org", port: 22 };
const args: HypervisorArgs = ${args};
const h1 = new Hypervisor("h1", args);
export const status: pulumi.Output<string> = h1.status;
export const unused = connection.host;
`;
const rightArgs = '{ hostname: "h1", kvmModule: "intel", awaitOnline: { timeoutSeconds: 60 } }';

describe("the package as a user gets it", function () {
    this.timeout(900_000);
    let project: UserProject;
    before(() => {
        project = new UserProject();
    });
    after(() => project?.close());

    it("holds what runs and nothing else", () => {
        const paths = project.packed.files.map(({ path }) => path);
        const strangers = paths.filter((path) => !/^(dist\/|README\.md$|LICENSE$|package\.json$)/.test(path));
        assert.deepEqual(strangers, []);
        for (const path of ["README.md", "LICENSE", "package.json"]) assert.ok(paths.includes(path), path);
        const inDist = paths.filter((path) => path.startsWith("dist/"));
        const unexpected = inDist.filter(
            (path) => !/^dist\/((cli|provider|sdk|sandbox)\/.*\.(js|d\.ts)|sandbox\/checkout\/build\.sh)$/.test(path),
        );
        assert.deepEqual(unexpected, []);
        const orphans = inDist.filter((path) => !existsSync(sourceOf(path)));
        assert.deepEqual(orphans, [], "left over from an earlier build: remove dist and build again");
        assert.ok(project.packed.size < 480_000, `${project.packed.size} bytes`);
        assert.ok(project.packed.unpackedSize < 1_750_000, `${project.packed.unpackedSize} bytes unpacked`);
    });

    it("exports the SDK, the provider and its package.json, and nothing else", () => {
        const resolved = must(
            project.node(`
                for (const name of ["", "/provider", "/package.json", "/sandbox", "/dist/sdk/index.js", "/dist/provider/index.js"]) {
                    try { require.resolve("pulumi-isardvdi" + name); console.log("yes", name); }
                    catch (error) { console.log(error.code, name); }
                }`),
        );
        assert.deepEqual(resolved.stdout.trimEnd().split("\n"), [
            "yes ",
            "yes /provider",
            "yes /package.json",
            "ERR_PACKAGE_PATH_NOT_EXPORTED /sandbox",
            "ERR_PACKAGE_PATH_NOT_EXPORTED /dist/sdk/index.js",
            "ERR_PACKAGE_PATH_NOT_EXPORTED /dist/provider/index.js",
        ]);
    });

    it("is found by the reference that stands in the state", () => {
        const methods = must(
            project.node('console.log(Object.keys(require("pulumi-isardvdi/provider").hypervisor).sort().join())'),
        );
        assert.equal(methods.stdout.trim(), "check,configure,create,delete,diff,read,update");
    });

    it("can be imported by an ES module", () => {
        const script = 'import { Hypervisor } from "pulumi-isardvdi"; console.log(typeof Hypervisor)';
        const done = must(project.run(process.execPath, ["--input-type=module", "-e", script]));
        assert.equal(done.stdout.trim(), "function");
    });

    it("shares the one copy of @pulumi/pulumi", () => {
        const lock = JSON.parse(project.read("node_modules/.package-lock.json")) as { packages: object };
        const copies = Object.keys(lock.packages).filter((path) => path.endsWith("node_modules/@pulumi/pulumi"));
        assert.deepEqual(copies, ["node_modules/@pulumi/pulumi"]);
    });

    it("brings the sandbox as a command", () => {
        const { stdout } = must(project.run("npx", ["--no-install", "pulumi-isardvdi-sandbox", "--help"]));
        assert.match(stdout, /^Usage: pulumi-isardvdi-sandbox/);
        assert.match(stdout, /--time-scale/);
    });

    for (const [module, moduleResolution] of [
        ["node16", "node16"],
        ["commonjs", "node10"],
    ] as const) {
        it(`is typed for strict programs with ${moduleResolution} resolution`, () => {
            const check = (args: string): string => {
                project.write("index.ts", program(args));
                const compilerOptions = { strict: true, noEmit: true, target: "es2022", module, moduleResolution };
                const options = { ...compilerOptions, skipLibCheck: true, types: [] };
                project.write("tsconfig.json", JSON.stringify({ compilerOptions: options, files: ["index.ts"] }));
                return project.run("npx", ["--no-install", "tsc", "-p", "tsconfig.json"]).stdout.trim();
            };
            assert.equal(check(rightArgs), "");
            assert.match(check('{ hostname: "h1", sshPort: "2022" }'), /Type 'string' is not assignable/);
            assert.match(check('{ hostname: "h1", sshport: 2022 }'), /'sshport' does not exist|did you mean/i);
            assert.match(check("{ }"), /Property 'hostname' is missing/);
        });
    }

    it("deploys and destroys with the real Pulumi CLI against its own sandbox", async () => {
        assert.equal(
            spawnSync("pulumi", ["version"]).status,
            0,
            "The Pulumi CLI is not on the PATH: make test provides it, or install it from https://www.pulumi.com/docs/install/.",
        );
        const site = await project.startSandbox("--time-scale", "20", "--hosts", "h1");
        const environment = { ISARDVDI_API_URL: site.apiUrl, ISARDVDI_API_SECRET: site.apiSecret };
        project.write("Pulumi.yaml", "name: a-users-project\nruntime: nodejs\n");
        project.write("index.ts", program(rightArgs));
        // as "pulumi new typescript" writes it
        const compilerOptions = { strict: true, target: "es2020", module: "commonjs", moduleResolution: "node" };
        project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["index.ts"] }));
        const pulumi = (...args: string[]) => must(project.pulumi(args, environment));
        pulumi("stack", "init", "dev");
        pulumi("up", "--yes", "--skip-preview");
        assert.equal(pulumi("stack", "output", "status").stdout.trim(), "Online");
        pulumi("destroy", "--yes", "--skip-preview");
        const state = project.read("backend/.pulumi/stacks/a-users-project/dev.json");
        const { checkpoint } = JSON.parse(state) as { checkpoint: { latest: { resources?: unknown[] } } };
        assert.deepEqual(checkpoint.latest.resources ?? [], []);
    });
});

function sourceOf(path: string): string {
    return join(root, path.replace(/^dist\//, "").replace(/(\.d\.ts|\.js)$/, ".ts"));
}
