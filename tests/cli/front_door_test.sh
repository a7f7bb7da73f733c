#!/usr/bin/env bash
# The front door says what to type by hand so that it works as typed. In a copy, with programs that pretend: nothing is installed.
set -euo pipefail
door=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/scripts" "$scratch/bin"
cp "$door" "$scratch/symphony"
echo "no-such-package" >"$scratch/scripts/packages.txt"
pretend() {
    printf '#!/bin/sh\n%s\n' "$2" >"$scratch/bin/$1"
    chmod +x "$scratch/bin/$1"
}
pretend dpkg-query 'exit 1'
pretend sudo 'exec "$@"'

# hint UID APT-GET-SCRIPT   what the front door says at its end as that user.
hint() {
    pretend id "echo $1"
    pretend apt-get "$2"
    (PATH=$scratch/bin:$PATH "$scratch/symphony" doctor 2>&1 >/dev/null || true) | tail -n 1
}
failures=0
same() {
    [ "$1" = "$2" ] || { printf 'FAILED: got      %s\n        expected %s\n' "$1" "$2"; failures=1; }
}
install="apt-get install --no-install-recommends"
broken='case "$*" in *-qq*--no-remove*) exit 100 ;; esac'
removing='case "$*" in *assume-no*) echo "The following packages will be REMOVED:" ;; esac'
same "$(hint 1000 "$broken")" "hint: type: sudo apt-get update && sudo $install --no-remove no-such-package "
same "$(hint 0 "$broken")" "hint: type: apt-get update && $install --no-remove no-such-package "
same "$(hint 1000 "$removing")" "hint: if that is fine with you, type: sudo $install no-such-package "
[ "$failures" = 0 ] && echo "all as expected"
