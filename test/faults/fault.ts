import type { SiteSettings } from "../../provider/isardvdi/api";
import type { Generation } from "../../sandbox";
import type { FaultySite } from "./site";

/** Takes a fault away again; what the site then does by itself is waited for. */
export type Undo = () => unknown;

/** Something that is made wrong in the world, and what the diagnosis should say of it. */
export interface Fault {
    /** What is wrong, as an administrator would tell it. */
    what: string;
    /** "step/cause". */
    names: string;
    make: (site: FaultySite) => Undo | Promise<Undo>;
    /** How the program's own configuration is wrong. */
    settings?: (site: FaultySite) => Partial<SiteSettings>;
    /** Whom to ask for, where it is another one. */
    hyperId?: string;
    /** Where it cannot happen on both. */
    only?: Generation;
}

export const nothing = (): Undo => () => undefined;
