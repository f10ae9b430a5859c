/**
 * Whether a text is a name or an address of a host, which a command of a machine may be given: it is no option, and not
 * every such command knows "--" (getent of musl). What is none is neither asked about nor dialled.
 */
export const isHostname = (text: string): boolean => /^[A-Za-z0-9_.:][-A-Za-z0-9_.:%]{0,254}$/.test(text);
