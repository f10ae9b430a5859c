/** What a registration gives the host: who may log in there, and what its viewers' connections are encrypted with. */
export interface EnrolmentMaterial {
    /** One line of an authorized_keys file; undefined when the server sent none. */
    engineKey: string | undefined;
    /** Viewer certificates and their private keys, by file name. */
    certificates: Readonly<Record<string, string>>;
}

/** The private part of a registration's answer: it prints as nothing, and goes to one receiver, once. */
export interface Enrolment {
    handTo(receive: (material: EnrolmentMaterial) => Promise<void>): Promise<void>;
}

const engineKeyFile = "id_rsa.pub";

export function enrolmentOf(certs: Record<string, unknown> = {}): Enrolment {
    const files = Object.entries(certs).filter(
        // a name becomes a path on the host
        (each): each is [string, string] => typeof each[1] === "string" && /^\w[\w.-]*$/.test(each[0]),
    );
    let material: EnrolmentMaterial | undefined = {
        engineKey: publicKey(certs[engineKeyFile]),
        certificates: Object.fromEntries(files.filter(([name]) => name !== engineKeyFile)),
    };
    return {
        async handTo(receive) {
            const handed = material;
            material = undefined;
            if (handed) await receive(handed);
        },
    };
}

/** One line and no more: what follows it in an authorized_keys file would let somebody else in. */
export function publicKey(value: unknown): string | undefined {
    const line = typeof value === "string" ? value.trim() : "";
    return /^(ssh|ecdsa|sk)-[\w@.-]+ [A-Za-z0-9+/]+={0,2}( \P{Cc}*)?$/u.test(line) ? line : undefined;
}
