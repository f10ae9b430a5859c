# Sourced: makes a whole Debian of packages, in a folder; all that runs for it runs in namespaces, and nothing in it is the machine's.

# fetch_tree FOLDER PACKAGE...: FOLDER/root becomes a Debian of the essential packages and these
fetch_tree() {
    local folder=$1
    shift
    mkdir -p "$folder"/{lists,archives}/partial "$folder/essential" || return
    : >"$folder/status"
    # nothing is installed yet, whatever the machine has
    local own=(-o "Dir::State::lists=$folder/lists" -o "Dir::State::status=$folder/status" -o "Dir::Cache=$folder"
        -o "Dir::Cache::archives=$folder/archives" -o APT::Sandbox::User=root -o Acquire::Retries=3)
    local fetch=(apt-get "${own[@]}" install -y -qq --download-only --no-install-recommends)
    apt-get "${own[@]}" update -qq || return
    "${fetch[@]}" '?essential' || return
    ln "$folder"/archives/*.deb "$folder/essential" || return
    "${fetch[@]}" '?essential' "$@" || return
    unshare --mount --net --pid --uts --ipc --cgroup --fork --kill-child sh -ec "$install_tree" sh "$folder"
}

# process 1 of the namespaces: in memory, for dpkg waits for the disk at every step
# shellcheck disable=SC2016
install_tree='
mkdir "$1/build" "$1/root"
mount -t tmpfs -o mode=755 build "$1/build"
cd "$1/build"
mkdir -p usr/bin usr/sbin usr/lib usr/lib32 usr/lib64 usr/libx32 etc/dpkg/dpkg.cfg.d var/lib/dpkg dev proc archives
for name in bin sbin lib lib32 lib64 libx32; do ln -s "usr/$name" "$name"; done
# what dpkg and its scripts need before there is a dpkg
for file in "$1"/essential/*.deb; do dpkg-deb --fsys-tarfile "$file" | tar -x --keep-directory-symlink; done
for name in doc man locale info; do rm -rf "usr/share/$name"; echo "path-exclude=/usr/share/$name/*"; done >etc/dpkg/dpkg.cfg.d/small
# what makes up for links that were once files
mkdir -p usr/share/doc usr/share/man usr/share/locale
printf "#!/bin/sh\nexit 101\n" >usr/sbin/policy-rc.d
chmod 755 usr/sbin/policy-rc.d
: >var/lib/dpkg/status
mount --bind "$1/archives" archives
mount -t proc proc proc
mount -t tmpfs -o mode=755 dev dev
for device in null zero full random urandom; do : >"dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
ln -s /proc/self/fd dev/fd
chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive \
    sh -c "exec dpkg --install --force-depends --force-unsafe-io /archives/*.deb"
umount archives proc dev/* 2>/dev/null || true
umount dev
rmdir archives
# each host makes its own
rm -rf etc/ssh/ssh_host_* etc/machine-id etc/hostname usr/sbin/policy-rc.d var/log/* var/cache/*/*
cp -a . "$1/root"
'
