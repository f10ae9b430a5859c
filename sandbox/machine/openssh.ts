import { type KeyPair, newKeyPair } from "../world/keys";
import type { Machine } from "./machine";

/** What an operator needs to know of a machine's sshd. */
export interface SshAccess {
    user: "root";
    /** Of the sshd inside. */
    port: number;
    /** The line that a known_hosts file would have after the address. */
    hostKey: string;
    /** OpenSSH format; its public half is among root's authorized keys. */
    privateKey: string;
}

/** A real OpenSSH server with keys made on the spot and otherwise Debian's own settings. */
export class OpenSsh {
    private readonly hostKeys: KeyPair = newKeyPair("host");
    private readonly clientKeys: KeyPair = newKeyPair("operator");

    get access(): SshAccess {
        const { publicText } = this.hostKeys;
        return { user: "root", port: 22, hostKey: publicText.trim(), privateKey: this.clientKeys.privateText };
    }

    /** Writes the keys once; on later boots they are there. */
    async install(machine: Machine): Promise<void> {
        const key = "/etc/ssh/ssh_host_ed25519_key";
        // a script on the standard input: no key is on a command line
        await machine.must("sh -es", {
            input: `umask 077
cat >${key} <<'END'
${this.hostKeys.privateText.trim()}
END
echo '${this.hostKeys.publicText.trim()}' >${key}.pub
echo '${this.clientKeys.publicText.trim()}' >/root/.ssh/authorized_keys
umask 022
grep -q ^sshd: /etc/passwd || echo 'sshd:x:105:65534::/run/sshd:/usr/sbin/nologin' >>/etc/passwd
[ -e /etc/ssh/sshd_config ] || cp /usr/share/openssh/sshd_config /etc/ssh/sshd_config
echo 'HostKey ${key}' >/etc/ssh/sshd_config.d/machine.conf
`,
        });
    }

    /** Where no systemd does it. */
    async start(machine: Machine): Promise<void> {
        await machine.must("/usr/sbin/sshd -f /etc/ssh/sshd_config");
    }
}
