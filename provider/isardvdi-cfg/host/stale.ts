import type { Seen } from "./inspect";

/** Which containers do not run with what the file says, and why; never a value. */
export function stale(seen: Seen, services: readonly string[], keys: readonly string[]): string[] {
    // a site that has not been started yet takes the values when it is
    if (!seen.services.some((service) => seen.present.has(service))) return [];
    return services
        .filter((service) => seen.services.includes(service))
        .flatMap((service) => {
            const container = seen.containers.find((each) => each.service === service);
            if (!container) return [`${service} has no container`];
            if (!container.running) return [`${service} does not run`];
            return keys.flatMap((key) => {
                const wanted = seen.cfg.read(key);
                const actual = container.env.get(key);
                if (wanted.state === "set" && actual === undefined && container.expects.has(key))
                    return [`${service} has no ${key}`];
                if (wanted.state === "set" && actual !== undefined && actual !== wanted.value)
                    return [`${service} runs with another ${key}`];
                return [];
            });
        });
}
