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

# Starting must stay instant: processor time of the best of nine `--help` runs (wall time is that of a machine's other work too).
TIMEFORMAT='%3U %3S'
best_ms=$(for _ in 1 2 3 4 5 6 7 8 9; do
    { time "$symphony" --help >/dev/null; } 2>&1
done | awk '{ printf "%.0f\n", 1000 * ($1 + $2) }' | sort -n | head -1)
echo "symphony --help: ${best_ms} ms of processor time"
[ "$best_ms" -lt 20 ] || { echo "FAILED: --help took ${best_ms} ms"; failures=1; }
finish
