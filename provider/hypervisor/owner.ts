import { createHash, randomBytes } from "node:crypto";
import { IsardvdiError } from "../errors";
import type { HypervisorRecord } from "../isardvdi/api";
import type { Values } from "../resource";

/** Whose a record is: the token is in the state and never changes, the name is the URN of when it was written. */
export const ownerKey = "__owner";

const tokenOf = (urn: unknown): string => createHash("sha256").update(String(urn)).digest("hex").slice(0, 12);

/** A state of before 0.2 has none, and its own URN stands for it. */
export function tokenIn({ [ownerKey]: token, __urn: urn }: Values): string {
    return typeof token === "string" ? token : tokenOf(urn);
}

/** As it stands in our column of the row, "TOKEN URN". */
export const ownerText = (token: string, urn: unknown): string => `${token} ${String(urn)}`;

function ownerOf({ owner = "" }: HypervisorRecord): { token: string; name: string } | undefined {
    const [, token, name] = /^([0-9a-f]{12}) (.+)$/.exec(owner) ?? [];
    return token !== undefined && name !== undefined ? { token, name } : undefined;
}

/** The resource that has a record, by its URN. */
export const ownerNamed = (record: HypervisorRecord): string | undefined => ownerOf(record)?.name;

/** Who else has the record; a row that says nothing is whoever's asks, for containers make theirs anew. */
export function otherOwner(record: HypervisorRecord, state: Values): string | undefined {
    const owner = ownerOf(record);
    return owner && owner.token !== tokenIn(state) ? owner.name : undefined;
}

/** The token of a resource that is being made, which none of its name had before: the deletion of that one leaves the record. */
export function claimed(record: HypervisorRecord | undefined, urn: unknown, adopt: boolean): string {
    const owner = record && ownerOf(record);
    if (owner && owner.name !== urn && !adopt) throw isOthers("create", record.hyperId, owner.name);
    return randomBytes(6).toString("hex");
}

const asIfNew = {
    create: ", or set adopt to true",
    update: "",
};

export const isOthers = (action: keyof typeof asIfNew, hyperId: string, name: string): IsardvdiError =>
    new IsardvdiError({
        code: "conflict",
        action,
        resource: `hypervisor "${hyperId}"`,
        seen: `it belongs to ${name}`,
        advice: `Take it out of one of the two programs. If this resource is that one under a new name, give it that name in aliases; if no stack has that one any more, run: npx pulumi-isardvdi release ${hyperId}${asIfNew[action]}.`,
        property: "hyperId",
    });
