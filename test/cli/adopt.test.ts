import { strict as assert } from "node:assert";
import { join, resolve } from "node:path";
import ts from "typescript";
import { hypervisorArgs } from "../../cli/adopt/hypervisor";
import { leftOf } from "../../cli/adopt/video";
import { Cfg } from "../../provider/isardvdi-cfg/document";
import { literal } from "../../cli/adopt/literal";
import { optionsOf } from "../../cli/adopt/options";
import { programOf } from "../../cli/adopt/program";
import type { Survey } from "../../cli/adopt/survey";
import { type ForeignRule } from "../../provider/firewall";
import { recordOf } from "../../provider/isardvdi/hypervisor-fields";

const row = {
    id: "h1",
    hostname: "h1.example.org",
    port: "2022",
    user: "root",
    status: "Online",
    enabled: true,
    capabilities: { disk_operations: true, hypervisor: true },
    viewer: {
        static: "h1.example.org:443",
        proxy_video: "h1.example.org",
        proxy_hyper_host: "isard-hypervisor",
        spice_ext_port: "80",
        html5_ext_port: "443",
    },
    vpn: { tunneling_mode: "wireguard+geneve" },
};
const survey = (more: Partial<Survey>): Survey => ({
    site: undefined,
    hypervisors: [{ record: recordOf(row), host: undefined }],
    machines: [],
    video: undefined,
    notes: [],
    ...more,
});
const rule = (more: Partial<ForeignRule["twin"]>, line = "-A PREROUTING …"): ForeignRule => ({
    line,
    toAddress: "172.31.255.17",
    twin: { protocol: "tcp", from: 2022, to: 2022, toAddress: "172.31.255.17", toPort: 22, ...more },
});

/** What the compiler says of a program against this package's own types. */
function mistakes(program: string): string[] {
    const root = resolve(__dirname, "../..");
    const file = join(root, "adopted.ts");
    const options: ts.CompilerOptions = {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        module: ts.ModuleKind.Node16,
        moduleResolution: ts.ModuleResolutionKind.Node16,
        target: ts.ScriptTarget.ES2022,
        paths: { "pulumi-isardvdi": [join(root, "sdk/index.ts")] },
    };
    const host = ts.createCompilerHost(options);
    const getSourceFile = host.getSourceFile.bind(host);
    const fileExists = host.fileExists.bind(host);
    host.fileExists = (path) => path === file || fileExists(path);
    host.getSourceFile = (path, ...rest) =>
        path === file ? ts.createSourceFile(path, program, ts.ScriptTarget.ES2022) : getSourceFile(path, ...rest);
    return ts
        .getPreEmitDiagnostics(ts.createProgram([file], options, host))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("pulumi-isardvdi adopt", function () {
    this.timeout(60_000);

    it("says of a record nothing but what tells it and what is unusual", () => {
        assert.deepEqual(hypervisorArgs(recordOf(row), undefined), { hostname: "h1.example.org" });
        const other = {
            ...row,
            enabled: false,
            only_forced: true,
            port: "22",
            min_free_mem_gb: 8,
            boot_progress: { step: 9 },
            viewer: { ...row.viewer, proxy_hyper_host: "h1.example.org" },
            vpn: { tunneling_mode: "geneve" },
        };
        assert.deepEqual(hypervisorArgs(recordOf(other), "bcn"), {
            site: "bcn",
            hostname: "h1.example.org",
            flavour: "hypervisor-standalone",
            vpnTunnelingMode: "geneve",
            registration: "self",
            sshPort: 22,
            enabled: false,
            onlyForced: true,
            minFreeMemGb: 8,
        });
    });

    it("waits for no hypervisor that is not Online today, and not for a disk host", () => {
        assert.equal(hypervisorArgs(recordOf({ ...row, status: "Error" }), undefined)["awaitOnline"], false);
        const disk = { ...row, status: "Offline", capabilities: { disk_operations: true, hypervisor: false } };
        assert.equal("awaitOnline" in hypervisorArgs(recordOf(disk), undefined), false);
    });

    it("takes a rule that stands there twice once, with all that narrows it, and quotes what it leaves", () => {
        const program = programOf(
            survey({
                hypervisors: [{ record: recordOf(row), host: "a-host" }],
                machines: [
                    {
                        connection: "a-host",
                        rules: [
                            rule({}),
                            rule({}, "-A PREROUTING -m comment --comment twice …"),
                            rule({ zone: "internal" }, "zone internal: port=2022"),
                            rule({ sourceCidrs: ["192.0.2.7/32"], inInterface: "eth1" }),
                            rule({ from: 5900, to: 7899, toPort: undefined }),
                            rule({ protocol: "udp", from: 4443, to: 4443, toPort: 4443, toAddress: "172.31.255.23" }),
                            {
                                line: "-A PREROUTING -m set --match-set ours src",
                                toAddress: "172.31.255.17",
                                why: "it is narrowed by a set",
                            },
                        ],
                    },
                ],
            }),
        );
        assert.equal(program.match(/"a-host-tcp-2022"/g)?.length, 1);
        assert.match(program, /port: 2022,\n *toAddress: "172\.31\.255\.17",\n *toPort: 22,\n *adopt: true/);
        assert.match(program, /"5900-7899",\n *toAddress: "172\.31\.255\.17",\n *adopt: true/);
        assert.match(
            program,
            /"udp",\n *port: 4443,\n *toAddress: "172\.31\.255\.23",\n *adopt: true,\n *verify: "rules"/,
        );
        assert.match(program, /port: 2022,[^}]*zone: "internal",\n *adopt: true/);
        assert.match(program, /port: 2022,[^}]*sourceCidrs: \["192\.0\.2\.7\/32"\],\n *inInterface: "eth1",/);
        assert.match(program, /\/\/ no PortForward is equal .*--match-set ours src \(it is narrowed by a set\)$/m);
        assert.match(program, /dependsOn: \[\.\.\.forwards\["a-host"\]\]/);
        assert.deepEqual(mistakes(program), []);
    });

    it("says why it leaves a list of the video proxy that is worked out when the file is read", () => {
        const seen = (text: string) => ({ cfg: Cfg.parse(Buffer.from(text)) }) as Parameters<typeof leftOf>[0];
        assert.match(
            leftOf(seen("H1=h1\nVIDEO_HYPERVISOR_HOSTNAMES=$H1,h2\n")) ?? "",
            /^VIDEO_HYPERVISOR_HOSTNAMES=\$H1,h2 is worked out when the file is read/,
        );
        assert.equal(leftOf(seen("VIDEO_HYPERVISOR_HOSTNAMES=h1,10.0.0.0/24\n")), undefined);
        assert.equal(leftOf(seen("DOMAIN=x\n")), undefined);
    });

    it("writes what the server says as data, never as code", () => {
        const evil = 'x"; process.exit(1); //\n`${1}`\u2028*/';
        const record = recordOf({ ...row, status: "Error", detail: evil, description: evil });
        const program = programOf(survey({ hypervisors: [{ record, host: undefined }], notes: [evil] }));
        assert.deepEqual(mistakes(program), []);
        const source = ts.createSourceFile("a.ts", program, ts.ScriptTarget.ES2022, true);
        assert.deepEqual(
            source.statements.map(({ kind }) => ts.SyntaxKind[kind]),
            ["ImportDeclaration", "FirstStatement", "FirstStatement"],
        );
        assert.equal(JSON.parse(literal(evil)), evil);
    });

    it("refuses options that say nothing", () => {
        assert.throws(
            () => optionsOf(["--host", "h1"]),
            /^Error: --host must be HYPERVISOR=NAME, such as h1=bcn-h1, not "h1"\.$/,
        );
        assert.throws(() => optionsOf(["--docker-net", "172.31"]), /first three parts/);
        assert.throws(() => optionsOf(["--nonsense"]), /nonsense/);
    });
});
