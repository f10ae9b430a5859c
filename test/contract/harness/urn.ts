/** A resource's URN as the engine makes it in a stack of the tests. */
export const urnOf = (kind: string, name: string): string =>
    `urn:pulumi:dev::contract::pulumi-nodejs:dynamic/isardvdi:${kind}::${name}`;
