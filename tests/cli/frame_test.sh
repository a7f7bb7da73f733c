#!/usr/bin/env bash
# Help, versions, unknown words, completions: what every verb shares.
set -euo pipefail
source "$(dirname "$0")/expect.sh"

expect 0 "Examples:" "Verbs:" doctor -- --help
expect 2 "Verbs:" --
expect 0 "symphony 0." -- --version
expect 2 "unknown verb 'docter'" "did you mean 'doctor'?" -- docter
expect 0 "Examples:" "symphony doctor" "--json" -- doctor --help
expect 2 "unknown option --jsn" "did you mean --json?" -- doctor --jsn
expect 2 "one of auto, bar, plain, json, none" -- doctor --progress loud
expect 2 "NAME=VALUE" -- doctor --set x
expect 2 "expected bash, zsh or fish" -- completions tcsh
expect_json doctor --json
for shell in bash zsh fish; do
    expect 0 doctor progress -- completions $shell
done
"$symphony" completions bash | bash -n

# Starting must stay instant: the best of nine `--help` runs, in microseconds (a busy machine slows the others).
best_us=$(for _ in 1 2 3 4 5 6 7 8 9; do
    begin=$(date +%s%N)
    "$symphony" --help >/dev/null
    echo $((($(date +%s%N) - begin) / 1000))
done | sort -n | head -1)
echo "symphony --help: ${best_us} us, process start included"
[ "$best_us" -lt 20000 ] || { echo "FAILED: --help took ${best_us} us"; failures=1; }
finish
