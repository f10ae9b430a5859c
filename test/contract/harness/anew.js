// Runs within a provider process, as the code of a "dynamic provider" does. The front keeps a configuration, a
// cancellation and its connections for the life of a process: without its modules in the cache, the next provider is as
// one of another run, over the implementation that is loaded already.
const { createRequire } = require("node:module");
const { dirname, join, sep } = require("node:path");

// as the program's own folder resolves it
const resolve = createRequire(join(process.cwd(), "index.js")).resolve;

/** Forgets the front of the run before; the clock of the next one is so many times faster than life. */
module.exports = (timeScale) => {
    const folder = dirname(resolve("pulumi-isardvdi/provider"));
    const front = join(folder, "front") + sep;
    for (const path of Object.keys(require.cache))
        if (path.startsWith(front) || path === join(folder, "index.js")) delete require.cache[path];
    // the front of the run before must not end the process on its own
    process.removeAllListeners("SIGINT");

    const { systemClock } = require(join(folder, "world.js"));
    original ??= { ...systemClock };
    const { now, sleep } = original;
    const began = now();
    systemClock.now = () => began + (now() - began) * timeScale;
    systemClock.sleep = (ms, signal) => sleep(ms / timeScale, signal);
    return { check: (_olds, inputs) => ({ inputs }) };
};

let original;
