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
expect 2 "one of bash, zsh, fish" -- completions tcsh
expect 0 "Examples:" "--json" -- completions --help
expect_json completions zsh --json
expect 0 "oneDNN         loads" "OpenBLAS       loads" -- doctor
expect_json doctor --json
for shell in bash zsh fish; do
    expect 0 doctor progress -- completions $shell
done
"$symphony" completions bash | bash -n

# What every verb has can be given in a file or by --set, too; the nearest name is looked for there as well.
cd "$scratch"
expect 0 -- doctor --set seed=3
expect 2 "did you mean 'threads'?" -- doctor --set thread=3
printf 'seed = 3\nthreads = 1\n' >all.toml
printf '{"progress": "none", "json": true}' >all.json
expect 0 '"name": "cores"' -- doctor --config all.toml --config all.json
sed 's/3/"three"/' all.toml >bad.toml
expect 2 "bad.toml:1" "a whole number" -- doctor --config bad.toml

# A full disk is heard of; a reader that has had enough is no failure.
for words in "corpus list" "corpus list --json" --help --version "show --help" "completions bash"; do
    status=0
    # shellcheck disable=SC2086  # words
    "$symphony" $words >/dev/full 2>full.log || status=$?
    [ "$status" = 3 ] && grep -q "cannot write standard output: No space left" full.log ||
        fail "symphony $words >/dev/full ends with $status: $(cat full.log)"
done
"$symphony" corpus list | true || fail "a closed pipe is taken for a failure"

# A place that cannot be is the user's, not ours.
long=$(printf 'x%.0s' $(seq 300))
mkdir music
for words in "check $long" "explore $long" "report $long" "generate $long" "evaluate $long --data music" \
    "train music --model ngram -o $long" "learn music -o $long" "learn music -o /proc/symphony" "tune music --from $long -o run"; do
    status=0
    # shellcheck disable=SC2086  # words
    "$symphony" $words >out.log 2>&1 || status=$?
    [ "$status" = 3 ] || [ "$status" = 5 ] || fail "symphony ${words/$long/xxx...} ends with $status: $(tail -n 2 out.log)"
    if grep -q "bug in Symphony" out.log; then fail "symphony ${words/$long/xxx...} is called a bug"; fi
done
expect 2 "one of ngram, rnn, lstm, transformer" -- learn music --models lstmm -o never
[ ! -e never ] || fail "a refused model left a folder"

# Starting must stay instant: processor time of the best of nine `--help` runs (wall time is that of a machine's other work too).
TIMEFORMAT='%3U %3S'
best_ms=$(for _ in 1 2 3 4 5 6 7 8 9; do
    { time "$symphony" --help >/dev/null; } 2>&1
done | awk '{ printf "%.0f\n", 1000 * ($1 + $2) }' | sort -n | head -1)
echo "symphony --help: ${best_ms} ms of processor time"
[ "$best_ms" -lt 10 ] || [ -n "${SYMPHONY_SANITIZE:-}" ] || { echo "FAILED: --help took ${best_ms} ms"; failures=1; }
finish
