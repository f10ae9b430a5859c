/** Both programs are JavaScript, as compiled ones are: ts-node would cost both the same and blur the ratio. */
export const programs = {
    isardvdi: (resources: number): string => `
const { Hypervisor } = require("pulumi-isardvdi");
for (let i = 1; i <= ${resources}; i++) new Hypervisor(\`h\${i}\`, { hostname: "host", kvmModule: "intel" });
`,
    /** Of ten resources each is a hypervisor, and the others forward ports of one host. */
    site: (resources: number): string => `
const { Hypervisor, PortForward } = require("pulumi-isardvdi");
const rule = { connection: "host", protocol: "tcp", toAddress: "172.31.255.17", verify: "rules" };
for (let i = 0; i < ${resources}; i++)
    if (i % 10 === 0) new Hypervisor(\`h\${i}\`, { hostname: "host", kvmModule: "intel" });
    else new PortForward(\`f\${i}\`, { ...rule, port: 10000 + i });
`,
    // one provider object for all: the serializer then works once, which is the best plain Pulumi can do
    plain: (resources: number): string => plain(resources, "const provider = new EmptyProvider();", "provider"),
    // as many programs have it: "super(new MyProvider(), name, args)"
    plainEach: (resources: number): string => plain(resources, "", "new EmptyProvider()"),
};

const plain = (resources: number, before: string, provider: string): string => `
const pulumi = require("@pulumi/pulumi");
class EmptyProvider {
    async create() {
        return { id: "empty", outs: {} };
    }
}
${before}
class Empty extends pulumi.dynamic.Resource {
    constructor(name) {
        super(${provider}, name, {});
    }
}
for (let i = 1; i <= ${resources}; i++) new Empty(\`h\${i}\`);
`;

export type ProgramName = keyof typeof programs;
