import { asError } from "../as-error";
import { readConfiguration } from "../configuration";
import type { SiteSettings } from "../isardvdi/api";
import type { Context, Resource, Values } from "../resource";
import { openRemotes, type Remotes } from "../remote";
import { openSites } from "../sites";
import { systemClock } from "../world";
import { cancellation, listenForCancellation, tracked } from "./cancellation";
import { engineLog, flushed } from "./engine-log";
import { asPulumiError, silenceKnownErrors } from "./failures";
import { type DynamicProvider, plainValues } from "./protocol";

let hooked = false;
/** Shared by all kinds of resources: one connection per machine and run. */
let remotes: Remotes | undefined;

/** The dynamic provider of one kind of resource: loads it on the first call and hands it its world. */
export function dispatch(load: () => Promise<Resource>): DynamicProvider {
    if (!hooked) {
        hooked = true;
        listenForCancellation(flushed);
        silenceKnownErrors();
    }
    let configure: (get: (key: string) => unknown) => void;
    // the stock front caches a provider before its configure has run: every method waits for this instead
    const configured = new Promise<Omit<Context, "world">>((resolve, reject) => {
        configure = (get) => {
            try {
                const configuration = readConfiguration(get);
                const machines = (remotes ??= openRemotes({ ssh: configuration.ssh }));
                const follow = (settings: SiteSettings) => followSite(settings, machines);
                resolve({ remotes: machines, configuration, sites: openSites(configuration, connectSite, follow) });
            } catch (error) {
                reject(asError(error));
            }
        };
    });
    configured.catch(() => undefined);

    const run = <T>(values: Values, work: (resource: Resource, context: Context) => Promise<T>): Promise<T> =>
        tracked(async () => {
            try {
                const resource = await load();
                const log = engineLog(typeof values["__urn"] === "string" ? values["__urn"] : undefined);
                const world = { clock: systemClock, signal: cancellation, log };
                return await work(resource, { world, ...(await configured) });
            } catch (error) {
                throw asPulumiError(error, values);
            }
        });

    return {
        configure(request) {
            configure((key) => request.config.get(key));
            return Promise.resolve();
        },
        check: (olds, news) => run(news, async (...args) => (await import("./check.js")).check(olds, news, ...args)),
        diff: (_id, olds, news) =>
            run(news, async (resource) => (await import("./check.js")).diff(olds, news, resource)),
        create: (inputs) =>
            run(inputs, async ({ lifecycle }, context) => {
                const { id, state } = await lifecycle.create(inputs, context);
                return { id, outs: plainValues(state) };
            }),
        read: (id, state) =>
            run(state, async ({ lifecycle }, context) => {
                const props = await lifecycle.read(id, state, context);
                // an empty id is how a read says that the resource is gone
                return props ? { id, props: plainValues(props) } : { id: "", props: {} };
            }),
        update: (id, olds, news) =>
            run(news, async ({ lifecycle }, context) => ({
                outs: plainValues(await lifecycle.update(id, olds, news, context)),
            })),
        delete: (id, state) => run(state, ({ lifecycle }, context) => lifecycle.delete(id, state, context)),
    };
}

const connectSite: Parameters<typeof openSites>[1] = async (settings) => {
    const { openSite } = await import("../isardvdi/index.js");
    return openSite(settings, { clock: systemClock, signal: cancellation });
};

const followSite = async (settings: SiteSettings, remotes: Remotes) => {
    const { openFeed } = await import("../isardvdi/watch/index.js");
    return openFeed(settings, { clock: systemClock, signal: cancellation, remotes });
};
