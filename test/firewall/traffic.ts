import type { LabHost } from "../lab/host";

const TRAFFIC = `
import asyncio, json, signal, sys, time
address, port = sys.argv[1], int(sys.argv[2])
tries = []

async def one():
    began = time.monotonic()
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(address, port), 0.5)
        heard = await asyncio.wait_for(reader.read(4), 0.5)
        writer.close()
    except (OSError, asyncio.TimeoutError):
        heard = b""
    tries.append((began, heard == b"SSH-"))

async def main():
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    print("going", flush=True)
    running = set()
    while not stopped.is_set():
        task = asyncio.ensure_future(one())
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.sleep(0.01)
    await asyncio.gather(*running)

asyncio.run(main())
tries.sort()
longest, since, lost = 0.0, None, 0
for began, arrived in tries:
    lost += not arrived
    since = None if arrived else since or began
    longest = max(longest, began - since if since else 0.0)
print(json.dumps({"tries": len(tries), "lost": lost, "gapMs": round(longest * 1000)}))
`;

export interface Traffic {
    /** Connections tried, one each 10 ms. */
    tries: number;
    lost: number;
    /** The longest time in which none was heard. */
    gapMs: number;
}

/** What becomes of the connections that a client opens all the time to a port, while something is done. */
export async function during(
    work: () => Promise<unknown>,
    { client, host, port }: { client: LabHost; host: LabHost; port: number },
): Promise<Traffic> {
    await client.must("cat >/tmp/traffic.py", { input: TRAFFIC });
    const child = client.spawn(`exec /usr/bin/python3 -u /tmp/traffic.py ${host.address} ${port} >/tmp/traffic.out`);
    const ended = new Promise((resolve) => child.once("close", resolve));
    await client.must("until grep -q going /tmp/traffic.out; do sleep 0.02; done; sleep 0.3");
    await work();
    await client.must("sleep 0.3; pid=$(pgrep -xf '/usr/bin/python3 -u /tmp/traffic.py .*'); kill -TERM $pid");
    await ended;
    return JSON.parse((await client.must("tail -n 1 /tmp/traffic.out")).trim()) as Traffic;
}
