import { Network } from "../../sandbox/machine/network";
import { type HostOptions, LabHost } from "./host";
import { Janitor } from "./janitor";
import { packages } from "./packages";

/** A network of real hosts on this machine; several at once do not notice each other. */
export class Lab {
    private readonly janitor = Janitor.start();

    private constructor(private readonly network: Network) {}

    static async start(): Promise<Lab> {
        return new Lab(await Network.start({ packages: packages() }));
    }

    async host(name: string, options: HostOptions = {}): Promise<LabHost> {
        return await LabHost.start(this.network, name, options, this.janitor);
    }

    /** The command line of a command of this machine that has only the network of a host: the Pulumi CLI, say. */
    inside(host: LabHost, argv: readonly string[]): string[] {
        return host.machine.networkOnly(argv);
    }

    /** Without a trace. */
    async stop(): Promise<void> {
        await this.network.stop();
        await this.janitor.stop();
    }
}
