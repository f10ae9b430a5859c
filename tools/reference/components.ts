import type { Component } from "./component";

const host = `
Each part is one command of @pulumi/command, made in this order and
taken down the other way round: the check of the machine, the checkout at \`release\`, isardvdi.cfg, the trunk of VLANs
where there is one, \`build.sh\`, each service by itself, whatever else the release has for the flavour, and a last look
at where the containers are. \`hypervisorHostCommands(planHost(args))\` yields the exact texts.

Both packages are optional: \`npm install --save-exact @pulumi/command@1.2.1 @pulumi/docker@5.0.0\` where a program
builds hosts. Leave a caret out: npm's \`latest\` of @pulumi/command is a release that was published by mistake.

**What runs when.** An unchanged program runs nothing. A changed value writes isardvdi.cfg, builds, and recreates the
services that read it, each with \`--no-deps\`: a new \`videoPorts\` recreates isard-websockify and isard-squid, and no
desktop ends. Whatever isard-hypervisor reads recreates it, which ends the desktops of the host: drain it first. What
build.sh writes into each container is the whole file, so a later recreation by hand may show more values than this one.
@pulumi/command runs every text again when the connection changes, be it in the comment of \`hostKey\`, and after an
upgrade of this package; the host remembers what each service runs with (\`.pulumi-isardvdi/runs-with\`), and such a run
recreates nothing.

**What the check asks for.** Debian, git, a Docker engine with docker compose 1.28 or later, KVM (unless
\`capabilities.hypervisor\` is false), free ports, the MTU of the link, the trunk's interface, and the shared folders of
\`storage.shared\` mounted. A link below 10 Gbit/s is a warning. It changes nothing, and tells all that is wrong at once.

**Credentials** go over the standard input into isardvdi.cfg, which root alone can read, and into secret inputs of the
state; no command's text or log has one. **SSH** is @pulumi/command's: it logs in as root, over one jump host at most,
and accepts any host without \`hostKey\`, so that is required at each hop; \`sudo\`, \`knownHosts\` and fingerprints are
refused. Where the machine's own \`ssh\` can log in (an agent, the keys of ~/.ssh), the containers are read through
@pulumi/docker at each run, by their names in isard-network; otherwise they are as they were when they were last
started. A container that was recreated or stopped by hand, or a host that cannot be read, is a warning and ends no run.

**What @pulumi/command does itself**, and nothing here can mend: a host that accepts TCP and says nothing keeps it
waiting without an end and without a line (stop the run, and look at sshd); dropped packets cost 3 minutes for each
command that is run, a refused port or a wrong key 20 seconds. Where a text fails, its error prints the whole text
first, and the reason stands at its end.

**Taking down** stops and removes the containers, their network, isardvdi.cfg and what was built from it. The disks, the
storage and the checkout stay. An isardvdi.cfg of somebody else is neither written over nor taken away.

**Tested** with the very texts on machines with a real Docker engine and with systemd, and in Pulumi's own engine with
stand-ins for both plugins, which do what the real ones were seen to do: 0.1.0 was run with @pulumi/command 1.2.1 and
@pulumi/docker 5.0.0, built from source. Not run with the real ones since: reading containers by name, commands without
\`PULUMI_COMMAND_STDOUT\`, and the upgrade from 0.1.0.
`;

const site = `
**In this order**, and down the other way round: the server's tunnelling mode (with \`switchTunnelling\`), the server's
forwards, each machine that is to become a host (\`host\`), the forwards of each host, proved by a packet, the video proxy's
list, and each hypervisor. No hypervisor waits for another's host: where one fails, \`pulumi up --continue-on-error\`
brings up the others. How many wait for Online at once is Pulumi's to say: four for each core of the machine that runs
it, or --parallel N or PULUMI_PARALLEL; one that stays away holds its place until its wait ends
([performance](../performance.md#how-many-hypervisors-wait-at-once)). The video proxy's list waits for no host either, for it has to have all names at once.

**What is opened** is what [requiredForwards](../forwards.md) says for the site's release: \`isardvdi:apiGeneration\` must be \`v3\` or
\`v4\`, or \`release\` given. The hosts' forwards let in the server alone, at the addresses that its name resolves to or
\`server.addresses\`; the server's let in \`server.sourceCidrs\`, everyone by default, for hosts may sit behind NAT.

**The hypervisors register themselves** (\`registration: "self"\`): their containers must run, or be started while
\`pulumi up\` waits. With \`host\` the program starts them, and their isardvdi.cfg says the same as the record.

**To leave a part out**: \`forwards: false\`, \`server.forwards: false\`, \`server.videoProxy: false\`; a list in place of
\`false\` is the user's own. \`dependsOn\` of a hypervisor names resources of the program that come first.

All mistakes are told at once, before anything is made: two hypervisors of one name or machine, a mix of tunnelling modes,
a port that two forwards want, a standalone host without a server.
`;

/** Every component that has a page. */
export const components: Readonly<Record<string, Component>> = {
    "hypervisor-host": {
        source: "sdk/hypervisor-host/hypervisor-host.ts",
        args: "sdk/hypervisor-host/args.ts",
        guide: host,
    },
    site: { source: "sdk/site/site.ts", args: "sdk/site/args.ts", guide: site },
};
