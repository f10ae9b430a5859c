import { isObject } from "../../is-object";
import type { FirewalldSeen } from "../seen";

type Is = (value: unknown) => boolean;

const text: Is = (value) => typeof value === "string";
const list =
    (is: Is): Is =>
    (value) =>
        Array.isArray(value) && value.every(is);
const object =
    (parts: Readonly<Record<string, Is>>): Is =>
    (value) =>
        isObject(value) && Object.entries(parts).every(([name, is]) => is(value[name]));
const named =
    (is: Is): Is =>
    (value) =>
        isObject(value) && Object.values(value).every(is);
const optional =
    (is: Is): Is =>
    (value) =>
        value === undefined || is(value);

const forwards = { forwardPorts: list(list(text)), richRules: list(text) };
const rule: Is = (value) =>
    Array.isArray(value) && value.length === 3 && text(value[0]) && text(value[1]) && list(text)(value[2]);

const settings = object({
    ...{ backend: text, defaultZone: text, direct: list(rule), permanentDirect: list(rule), chain: list(list(text)) },
    zones: named(object({ interfaces: list(text), sources: list(text), ...forwards })),
    permanent: named(object(forwards)),
    policies: optional(named(object({ ...forwards, ingress: list(text) }))),
});

/** What our script tells of firewalld; undefined where it is none of its form. */
export function parseFirewalld(json: string): FirewalldSeen | undefined {
    try {
        const value: unknown = JSON.parse(json);
        return isSettings(value) ? value : undefined;
    } catch {
        return undefined;
    }
}

const isSettings = (value: unknown): value is FirewalldSeen => settings(value);
