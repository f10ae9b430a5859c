import { z } from "zod";
import type { Site } from "../site";

const onOff = z.enum(["up", "down"]);

const switches = z.strictObject({
    engine: onOff.optional(),
    /** Whether the file with its public key is where registration looks for it. */
    engineKey: z.enum(["there", "missing"]).optional(),
    vpn: onOff.optional(),
    /** Recreates isard-vpn with this port for hypervisors; null: with none. */
    vpnPort: z.number().int().min(1).max(65_535).nullable().optional(),
    /** Of the portal, as its hosts find it under its name. */
    certificate: z.enum(["valid", "self-signed", "expired"]).optional(),
    /** Takes the key of "hostname:port" out of the engine's known_hosts. */
    forgetHostKey: z
        .string()
        .regex(/^[^:]+:\d+$/)
        .optional(),
});

/** Turns the switches of the site's server, and says how they are. */
export function turnSite({ engine, ssh, vpn, portalState }: Site, body: unknown): object {
    const wanted = switches.parse(body);
    if (wanted.engine === "up") engine.start();
    if (wanted.engine === "down") engine.stop();
    if (wanted.engineKey !== undefined) ssh.hasKeyFile = wanted.engineKey === "there";
    if (wanted.vpn !== undefined) vpn.turn(wanted.vpn === "up");
    if (wanted.vpnPort !== undefined) vpn.publish(wanted.vpnPort ?? undefined);
    if (wanted.certificate !== undefined) portalState.certificate = wanted.certificate;
    const [hostname, port] = wanted.forgetHostKey?.split(":") ?? [];
    if (hostname !== undefined && port !== undefined) ssh.forgetHostKey(hostname, port);
    return {
        engine: engine.running ? "up" : "down",
        engineKey: ssh.hasKeyFile ? "there" : "missing",
        vpn: vpn.running ? "up" : "down",
        vpnPort: vpn.port ?? null,
        certificate: portalState.certificate,
    };
}
