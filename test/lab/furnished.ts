/**
 * The beginning of a command line that runs where the machine has more than it has: a shell script adds to its /etc,
 * /usr and /var through overlays in a mount namespace of its own, so that the machine itself stays as it is.
 */
export const furnished = (script: string): string[] => ["unshare", "--mount", "sh", "-ec", around(script), "sh"];

const around = (script: string): string => `
mount -t tmpfs furnished /mnt
for folder in etc usr var; do
    mkdir "/mnt/$folder" "/mnt/$folder.work"
    mount -t overlay -o "lowerdir=/$folder,upperdir=/mnt/$folder,workdir=/mnt/$folder.work" overlay "/$folder"
done
${script}
exec "$@"`;
