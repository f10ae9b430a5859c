import type { LabHost } from "../lab/host";

/** Nothing is judged by the clock: a lost packet shows as a refusal, or as one that the kernel had to send again. */
const TRAFFIC = `
import asyncio, json, os, signal, socket, struct, sys, time
address, port = sys.argv[1], int(sys.argv[2])
tries = []

async def one():
    began = time.monotonic()
    heard, again = b"", 0
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(address, port), 60)
        heard = await asyncio.wait_for(reader.read(4), 60)
        info = writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        again = struct.unpack_from("=I", info, 100)[0]
        writer.close()
    except (OSError, asyncio.TimeoutError):
        pass
    tries.append((began, heard == b"SSH-" and again == 0))

async def main():
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    running = set()
    some = left = 30
    while left > 0:
        task = asyncio.ensure_future(one())
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.sleep(0.01)
        some -= 1
        if some == 0:
            print("going", os.getpid(), flush=True)
        left -= stopped.is_set()
    await asyncio.gather(*running)

asyncio.run(main())
tries.sort()
longest, since, lost, stopped = 0.0, None, 0, 0
for began, arrived in tries:
    lost += not arrived
    stopped += not arrived and since is None
    since = None if arrived else since or began
    longest = max(longest, began - since if since else 0.0)
print(json.dumps({"tries": len(tries), "lost": lost, "stopped": stopped, "gapMs": round(longest * 1000)}))
`;

export interface Traffic {
    /** Connections tried, one each 10 ms or so. */
    tries: number;
    lost: number;
    /** How often none arrived for a while. */
    stopped: number;
    /** The longest time in which none was heard, for whoever reads it. */
    gapMs: number;
}

/** What becomes of the connections that a client opens all the time to a port, before, while and after something is done. */
export async function during(
    work: () => Promise<unknown>,
    { client, host, port }: { client: LabHost; host: LabHost; port: number },
): Promise<Traffic> {
    await client.must("cat >/tmp/traffic.py; rm -f /tmp/traffic.out", { input: TRAFFIC });
    const child = client.spawn(`exec /usr/bin/python3 -u /tmp/traffic.py ${host.address} ${port} >/tmp/traffic.out`);
    const ended = new Promise((resolve) => child.once("close", resolve));
    await client.must("until grep -qs going /tmp/traffic.out; do sleep 0.02; done");
    await work();
    await client.must("kill -TERM $(sed -n 's/going //p' /tmp/traffic.out)");
    await ended;
    return JSON.parse((await client.must("tail -n 1 /tmp/traffic.out")).trim()) as Traffic;
}
