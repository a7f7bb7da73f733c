#!/usr/bin/env bash
# Proves the README on a machine that has nothing: makes a minimal Debian 12 root with debootstrap, clones this repository's HEAD into it
# and runs the README's two commands there as written. Needs root, debootstrap and about 8 GiB.
#   scripts/fresh-machine.sh [FOLDER] [COMMAND...]     FOLDER: where the root is made (default: a new one under TMPDIR, removed at the end)
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-}
[ $# -gt 0 ] && shift
keep=yes
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    keep=no
fi
[ "$(id -u)" = 0 ] || { echo "error: debootstrap and chroot need root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "error: debootstrap is missing: apt-get install debootstrap" >&2; exit 1; }
[ -e "$folder/etc/debian_version" ] || debootstrap --variant=minbase bookworm "$folder"

# What reaching the package registries from here takes: name servers, certificates, apt's proxy settings.
for file in /etc/resolv.conf /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
    [ ! -e "$file" ] || install -D "$(readlink -f "$file")" "$folder$file"
done
# ca-certificates, once installed there, makes its bundle anew from Debian's and the local ones.
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    install -D /etc/ssl/certs/ca-certificates.crt "$folder/usr/local/share/ca-certificates/carried.crt"
fi
for file in /etc/apt/apt.conf.d/*proxy*; do [ ! -e "$file" ] || cp "$file" "$folder/etc/apt/apt.conf.d/"; done
carried=$(env | grep -iE '^(https?_proxy|no_proxy|pip_cert|ssl_cert_file|openblas_[a-z0-9_]+)=' || true)

unmount() {
    for point in dev/pts dev sys proc; do umount -l "$folder/$point" 2>/dev/null || true; done
    [ "$keep" = yes ] || rm -rf "$folder"
}
trap unmount EXIT
mount -t proc proc "$folder/proc"
mount -t sysfs sys "$folder/sys" || true
mount --bind /dev "$folder/dev"
mount --bind /dev/pts "$folder/dev/pts" || true

rm -rf "$folder/root/symphony"
git clone -q --no-hardlinks "$here" "$folder/root/symphony"

if [ $# -eq 0 ]; then set -- "./symphony test" "./symphony demo"; fi
for command in "$@"; do
    echo "== $command"
    # shellcheck disable=SC2086  # NAME=VALUE words
    env -i HOME=/root TERM=dumb LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin $carried \
        chroot "$folder" /bin/bash -c "cd /root/symphony && time $command"
done
echo "== every command ran in an empty Debian 12"
