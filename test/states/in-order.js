// Loaded before a program that is recorded: two registrations that are under way at once reach the engine in either order,
// so each is sent when the one before it is done.
const Module = require("node:module");

const load = Module._load;
const inOrder = new WeakSet();

Module._load = function (...args) {
    const loaded = load.apply(this, args);
    const client = loaded?.ResourceMonitorClient?.prototype;
    if (client && !inOrder.has(client)) {
        inOrder.add(client);
        const { registerResource } = client;
        let before = Promise.resolve();
        client.registerResource = function (request, answer) {
            const done = () =>
                new Promise((resolve) => registerResource.call(this, request, (...result) => resolve(result)));
            before = before.then(done).then((result) => answer(...result));
        };
    }
    return loaded;
};
