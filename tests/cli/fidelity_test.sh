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

# Options in a word, a tokenizer of one's own, a part of the pieces.
expect 0 "remi+rests+pedal" "5 of 44 pieces" -- fidelity good --schemes remi,remi+rests+pedal --pieces 5 "${quiet[@]}"
expect 2 "unknown option 'pedall'" "did you mean pedal?" -- fidelity good --schemes remi+pedall "${quiet[@]}"
expect 2 "the scheme tsd has no options of tokens" -- fidelity good --schemes tsd+pedal "${quiet[@]}"
expect 2 "expected micro-timing=N" -- fidelity good --schemes remi+micro-timing "${quiet[@]}"
expect 0 "scheme remi" -- prepare good -o data-options --rests --no-tempo --velocity-bins 4 --micro-timing 3 "${quiet[@]}"
expect 0 "data-options/tokenizer.json" -- fidelity good --schemes data-options/tokenizer.json "${quiet[@]}"
expect 0 -- train data-options --model ngram --order 4 -o run-options "${quiet[@]}"
expect 0 "take-1.mid" -- generate run-options --bars 2 --takes 1 --no-wav -o takes-options "${quiet[@]}"
expect 2 "no pedal and no controls" -- prepare good -o refused --no-parts --pedal "${quiet[@]}"
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
