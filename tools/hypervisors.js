// Prints each hypervisor of an exported stack with its status; a stack without any is a failure.
let text = "";
process.stdin
    .on("data", (chunk) => (text += chunk))
    .on("end", () => {
        const resources = JSON.parse(text).deployment.resources ?? [];
        const hypervisors = resources.filter(({ type }) => type.endsWith(":Hypervisor"));
        for (const { id, outputs = {} } of hypervisors) {
            const { status = "unknown", detail, hostname } = outputs;
            console.log(`${id} (${hostname}): ${status}${detail ? `, ${detail}` : ""}`);
        }
        if (hypervisors.length > 0) return;
        console.error("error: the stack holds no hypervisor: does Pulumi.yaml's main have a package.json of its own?");
        process.exitCode = 1;
    });
