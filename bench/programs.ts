/** Both programs are JavaScript, as compiled ones are: ts-node would cost both the same and blur the ratio. */
export const programs = {
    isardvdi: (resources: number): string => `
const { Hypervisor } = require("pulumi-isardvdi");
for (let i = 1; i <= ${resources}; i++) new Hypervisor(\`h\${i}\`, { hostname: "host", kvmModule: "intel" });
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
