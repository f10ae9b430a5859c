import { isHostname } from "../../hostname";
import { host, hostnameOf, absent, isVerified, type Step } from "./step";

const unread = "the API does not tell";

export const record: Step = {
    id: "record",
    title: "The record is this hypervisor's",
    about: "The id belongs to this host, and nobody is about to take the record away.",
    unseen: ({ api: { error, record } }) => (error ? unread : record ? undefined : "there is no record"),
    evidence: [],
    causes: [
        {
            id: "other-hostname",
            sign: "The record has another hostname than the program, or than the container's DOMAIN.",
            seen(facts) {
                const { api, subject } = facts;
                const own = subject.hostname;
                if (!api.record || own === undefined || api.record.hostname === own) return undefined;
                return `the record's hostname is ${api.record.hostname}, not ${own}`;
            },
            advice: "Two hosts with one HYPER_ID overwrite each other: choose another id, or set adopt to true to take this one over.",
            isFinal: true,
            ends: "conflict",
        },
        {
            id: "deleting",
            sign: "The record's status is Deleting.",
            seen: ({ api }) => (api.record?.status === "Deleting" ? "status is Deleting" : undefined),
            advice: "Wait until it is gone; then run pulumi up again, or restart isard-hypervisor where it registers itself.",
        },
        {
            id: "orchestrator-managed",
            sign: "The record is marked as managed by the orchestrator and is not Online.",
            seen: (facts) =>
                facts.api.record?.orchestratorManaged && !isVerified(facts)
                    ? "the orchestrator manages this record"
                    : undefined,
            advice: "End that in the orchestrator, which deletes what is not Online in time.",
        },
    ],
};

export const registration: Step = {
    id: "registration",
    title: "The hypervisor is registered and enabled",
    about: "The record exists, the container's boot has come to its end, and it has been enabled.",
    unseen: ({ api: { error } }) => (error ? unread : undefined),
    evidence: [["host", "docker logs isard-hypervisor"]],
    causes: [
        {
            id: "container-down",
            sign: "The container isard-hypervisor is missing or does not run, and the record is missing or not Online.",
            seen: (facts) => (isVerified(facts) ? undefined : absent(host(facts)?.containers, "isard-hypervisor")),
            advice: "Start it on the host: docker compose up -d isard-hypervisor, after ./build.sh where the cfg changed.",
        },
        {
            id: "other-id",
            sign: "The record is missing, and the container's HYPER_ID is another one.",
            seen(facts) {
                const id = host(facts)?.settings?.get("HYPER_ID");
                if (facts.api.record || facts.api.error || id === undefined || id === facts.subject.hyperId)
                    return undefined;
                return `the container registers as ${id}`;
            },
            advice: "Set HYPER_ID in the host's isardvdi.cfg to this hypervisor's id, then ./build.sh and recreate isard-hypervisor.",
            isFinal: true,
        },
        {
            id: "missing",
            sign: "The API has no record with this id.",
            seen: ({ api }) => (api.record || api.error ? undefined : "the site has no record with this id"),
            advice: "Run pulumi up, or check API_DOMAIN and API_HYPERVISORS_SECRET in the host's isardvdi.cfg where it registers itself.",
            passes: true,
        },
        {
            id: "boot-error",
            sign: "The record's boot_progress holds an error.",
            seen({ api: { record } }) {
                const { step, total, label, error } = record?.bootProgress ?? {};
                return error ? `boot step ${step} of ${total} (${label}) failed: ${error}` : undefined;
            },
            advice: "Mend what the step names; the container tries again by itself. Its log tells more.",
        },
        {
            id: "booting",
            sign: "The record is disabled, and the container's boot has not come to its end.",
            seen({ api: { record } }) {
                const { step, total, label } = record?.bootProgress ?? {};
                if (!record || record.enabled || step === undefined || total === undefined || step >= total)
                    return undefined;
                return `the container is at boot step ${step} of ${total} (${label})`;
            },
            advice: "Wait; a step that never ends is explained by the steps below and by the container's log.",
            passes: true,
        },
        {
            id: "disabled",
            sign: "The record is disabled, although nothing holds its boot up.",
            seen: ({ api: { record }, subject }) =>
                record && !record.enabled && !subject.isDisabledOnPurpose ? "the record is disabled" : undefined,
            advice: "Enable it (enabled: true), or set HYPER_ENABLED=true in the host's isardvdi.cfg where it registers itself.",
            passes: true,
        },
    ],
};

export const resolution: Step = {
    id: "dns",
    title: "The server resolves the hostname",
    about: "The engine dials the hostname, so it must have an address there, not only here.",
    unseen(facts) {
        if (hostnameOf(facts) === undefined) return "no hostname is known";
        if ("why" in facts.server) return facts.api.record?.detail ? undefined : facts.server.why;
        return facts.server.seen.addresses ? undefined : "the server does not tell";
    },
    evidence: [["server", "docker logs isard-engine"]],
    causes: [
        {
            id: "no-hostname",
            sign: "The hostname is neither a name nor an address, so that no machine is asked about it.",
            seen(facts) {
                const name = hostnameOf(facts);
                return name === undefined || isHostname(name)
                    ? undefined
                    : `the hostname is ${JSON.stringify(name.slice(0, 80))}, which is neither a name nor an address`;
            },
            advice: "Correct the hostname: pulumi up writes the program's. Where its container registers it, correct DOMAIN in the host's isardvdi.cfg.",
        },
        {
            id: "unresolved",
            sign: "getent on the server finds no address.",
            seen: (facts) =>
                "seen" in facts.server && facts.server.seen.addresses?.length === 0
                    ? `the server finds no address for ${hostnameOf(facts)}`
                    : undefined,
            advice: "Correct the hostname, or add it to the DNS that the server's containers use.",
        },
        {
            id: "loopback",
            sign: "The name resolves to a loopback or link-local address, which registration refuses.",
            seen(facts) {
                const bad =
                    "seen" in facts.server &&
                    facts.server.seen.addresses?.find((each) => /^(127\.|169\.254\.|0\.)/.test(each));
                return bad ? `${hostnameOf(facts)} is ${bad} on the server` : undefined;
            },
            advice: "Take the name out of the server's /etc/hosts, or give it the host's own address.",
        },
        {
            id: "engine-unresolved",
            sign: "The engine's detail speaks of a name that it cannot resolve.",
            seen: ({ api: { record } }) =>
                record?.status === "Error" && /no attribute 'conn'|not resolves|not in database/i.test(record.detail)
                    ? `the engine says "${record.detail}"`
                    : undefined,
            advice: "Correct the hostname, or the DNS of isard-engine's container; the engine tries again by itself.",
        },
    ],
};
