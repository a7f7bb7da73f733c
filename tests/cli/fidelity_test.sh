#!/usr/bin/env bash
# fidelity, and the published schemes, as a user meets them.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)

python3 "$here/make_music.py" good 44
expect 0 "alike" "tokens/note" "Most faithful here" -- fidelity good "${quiet[@]}"
expect 0 "remi" -- fidelity good --schemes remi,performance --context 100 "${quiet[@]}"
expect_json fidelity good --schemes remi,aria --json "${quiet[@]}"
expect 2 "unknown token scheme 'remmi'" "did you mean remi?" -- fidelity good --schemes remmi "${quiet[@]}"
expect 3 "no such file or folder" -- fidelity nowhere "${quiet[@]}"
if command -v gnuplot >/dev/null; then
    expect 0 -- fidelity good --schemes remi,anticipation -o page/fidelity.html "${quiet[@]}"
    grep -q "How far notes move in time" page/fidelity.html || { echo "FAILED: no page"; failures=1; }
fi

# Ids as the published tokenizers give them.
first=$(find good -name '*.mid' | sort | head -n 1)
for scheme in anticipation skytnt-v1 skytnt-v2o aria performance; do
    expect 0 "tokens of" -- prepare --explain "$first" --scheme "$scheme" "${quiet[@]}"
    expect_json prepare --ids "$first" --scheme "$scheme" --json "${quiet[@]}"
done
expect 0 "10" -- prepare --ids "$first" --scheme anticipation "${quiet[@]}"

# A model of ids learns any of them.
expect 0 "scheme performance" -- prepare good -o data-performance --scheme performance "${quiet[@]}"
expect 0 -- train data-performance --model ngram --order 4 -o run-performance "${quiet[@]}"
expect 0 "bits/note" -- evaluate run-performance --data data-performance "${quiet[@]}"
expect 0 "take-1.mid" -- generate run-performance --bars 2 --takes 1 --no-wav -o takes "${quiet[@]}"

# MidiTok's schemes, one of bars and one of rows.
for scheme in miditok-remi octuple; do
    expect 0 "tokens of" -- prepare --explain "$first" --scheme "$scheme" "${quiet[@]}"
    expect 0 "scheme $scheme" -- prepare good -o "data-$scheme" --scheme "$scheme" "${quiet[@]}"
    expect 0 -- train "data-$scheme" --model ngram --order 4 -o "run-$scheme" "${quiet[@]}"
    expect 0 "take-1.mid" -- generate "run-$scheme" --bars 2 --takes 1 --no-wav -o "takes-$scheme" "${quiet[@]}"
done
finish
