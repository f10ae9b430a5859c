import { host, server, type Step, without } from "./step";

/** Seconds between two clocks that tokens and certificates bear. */
const bearable = 30;
const follow = "Let both follow NTP (timedatectl set-ntp true), then restart isard-hypervisor.";

export const clock: Step = {
    id: "clock",
    title: "The clocks agree",
    about: "Tokens live for seconds, and certificates and handshakes are judged by the clock.",
    unseen: (facts) =>
        without("server", facts, server(facts)?.time, "its time") ??
        without("host", facts, host(facts)?.time, "its time"),
    evidence: [],
    causes: [
        {
            id: "host-behind",
            sign: "The host's clock is more than 30 s behind the server's.",
            seen: (facts) => skew(facts, -1),
            advice: follow,
        },
        {
            id: "host-ahead",
            sign: "The host's clock is more than 30 s ahead of the server's.",
            seen: (facts) => skew(facts, 1),
            advice: follow,
        },
    ],
};

function skew(facts: Parameters<Step["unseen"]>[0], sign: 1 | -1): string | undefined {
    const [here, there] = [server(facts)?.time, host(facts)?.time];
    if (here === undefined || there === undefined) return undefined;
    const ahead = (there - here) * sign;
    return ahead > bearable
        ? `the host's clock is ${ahead} s ${sign > 0 ? "ahead of" : "behind"} the server's`
        : undefined;
}

/** curl's words: which exit codes speak of the certificate. */
const certificateCodes = [35, 51, 58, 60, 77];

export const certificates: Step = {
    id: "certificates",
    title: "The host reaches the API and trusts its certificate",
    about: "From release 17 on the container verifies the certificate of API_DOMAIN, unless that is a private address.",
    unseen(facts) {
        const seen = host(facts);
        if (facts.api.generation === "v3") return "releases up to 16 do not verify it";
        if (seen?.settings?.get("API_DOMAIN") === "isard-apiv4") return "the API is the host's own neighbour";
        return without("host", facts, seen?.apiAnswer, "what the API answers it");
    },
    evidence: [["host", "docker logs isard-hypervisor"]],
    causes: [
        {
            id: "untrusted",
            sign: "curl from the container refuses the certificate of API_DOMAIN, which is a name (release 17 and later).",
            seen(facts) {
                const { apiAnswer, settings } = host(facts) ?? {};
                const domain = settings?.get("API_DOMAIN") ?? "";
                if (facts.api.generation === "v3" || isPrivate(domain) || !apiAnswer) return undefined;
                if (!certificateCodes.includes(apiAnswer.code)) return undefined;
                return `the container does not trust the certificate of ${domain}`;
            },
            advice: "Give the portal a valid certificate for API_DOMAIN, or set API_DOMAIN to the server's private address.",
            isFinal: true,
        },
        {
            id: "api-unresolved",
            sign: "The container cannot resolve API_DOMAIN.",
            seen: (facts) => unreached(facts, [6], "cannot resolve"),
            advice: "Correct API_DOMAIN in the host's isardvdi.cfg, or the host's DNS.",
        },
        {
            id: "api-unreachable",
            sign: "The container gets no connection to API_DOMAIN's port 443, or no answer.",
            seen: (facts) => unreached(facts, [7, 28, 52, 56], "gets no answer from"),
            advice: "Open 443/tcp from the host to the server, and check API_DOMAIN in the host's isardvdi.cfg.",
        },
    ],
};

function unreached(facts: Parameters<Step["unseen"]>[0], codes: number[], what: string): string | undefined {
    const { apiAnswer, settings } = host(facts) ?? {};
    const domain = settings?.get("API_DOMAIN");
    if (facts.api.generation === "v3" || domain === "isard-apiv4") return undefined;
    return apiAnswer && codes.includes(apiAnswer.code) ? `the container ${what} ${domain ?? "API_DOMAIN"}` : undefined;
}

const isPrivate = (domain: string): boolean => /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)[\d.]+$/.test(domain);
