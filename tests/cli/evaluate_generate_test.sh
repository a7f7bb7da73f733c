#!/usr/bin/env bash
# evaluate and generate as a user meets them: a small corpus, an n-gram, its figures and its takes.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)

python3 "$here/make_music.py" good 44
expect 0 -- prepare good -o data "${quiet[@]}"
expect 0 -- prepare good -o data-note --scheme note "${quiet[@]}"
expect 0 -- train data --model ngram --order 4 -o run "${quiet[@]}"
expect 0 -- train data-note --model ngram --order 4 -o run-note "${quiet[@]}"

# Bits per note; the test pieces are scored once.
expect 0 "bits/note" "run needs" -- evaluate run --data data "${quiet[@]}"
expect_json evaluate run --data data --json "${quiet[@]}"
expect 0 "bits/note" -- evaluate run --data data --split test "${quiet[@]}"
[ -e run/test.json ] || { echo "FAILED: no run/test.json"; failures=1; }
expect 0 "scored before" -- evaluate run --data data --split test --progress plain
expect 2 "--data" -- evaluate run "${quiet[@]}"
expect 5 "different tokens" "hint:" -- evaluate run --data data-note "${quiet[@]}"

expect 2 "only transformers" -- export run -o never
[ ! -e never ] || fail "a refused export left a folder"

# A folder of music serves both schemes, which differ in what they keep; a model beside itself cannot be told apart.
expect 0 "only run says which part" -- evaluate run run-note --data good "${quiet[@]}"
mkdir temporary
TMPDIR=$PWD/temporary expect 0 "bits/note" -- evaluate run --data good "${quiet[@]}"
[ -z "$(ls temporary)" ] || fail "evaluate left $(ls temporary)"
cp -r run twin
expect 0 "cannot be told apart" -- evaluate run twin --data data "${quiet[@]}"

# Composed beside real.
expect 0 "takes of 4 bars" "tonic triad" -- evaluate run --data data --excerpts 6 --bars 4 "${quiet[@]}"
expect_json evaluate run --data data --excerpts 6 --bars 4 --json "${quiet[@]}"

# A run whose name is not UTF-8.
cp -r run $'r\xf6t'
expect 0 "take-1.mid" -- generate $'r\xf6t' --bars 2 --no-wav -o from-latin1 "${quiet[@]}"
expect 0 "seed 1, take 1" -- takes from-latin1 "${quiet[@]}"

# Same seed and settings, same bytes, at any number of threads.
for folder in once again; do
    threads=$([ "$folder" = once ] && echo 1 || echo 2)
    expect 0 "take-3.mid" -- generate run --bars 5 --takes 3 --seed 9 --threads "$threads" --no-wav -o "$folder" "${quiet[@]}"
done
diff -r once again || { echo "FAILED: takes differ"; failures=1; }
expect 0 "5 bars" -- check once/take-1.mid "${quiet[@]}"
expect_json generate run --bars 2 --json --no-wav -o twice "${quiet[@]}"
expect 0 -- generate run --prime good/piece-001.mid --primer-bars 2 --bars 6 --no-wav -o primed "${quiet[@]}"
expect 2 "leaves nothing" "hint:" -- generate run --prime good/piece-001.mid --primer-bars 6 --bars 4 -o primed "${quiet[@]}"
expect 2 "17/16" "hint:" -- generate run --meter 17/16 --no-wav -o odd "${quiet[@]}"
expect 2 "not a key" -- generate run --key H --no-wav -o odd "${quiet[@]}"

# Sub-words learned from train: fewer tokens, and bars are asked for as before.
expect 0 "400 tokens" "remi" -- prepare good -o data-sub --subwords 400 "${quiet[@]}"
expect 0 -- train data-sub --model ngram --order 3 -o run-sub "${quiet[@]}"
expect 0 "take-1.mid" -- generate run-sub --bars 3 --no-wav -o sub "${quiet[@]}"
expect 0 "3 bars" -- check sub/take-1.mid "${quiet[@]}"
expect 0 "+" -- prepare --explain good/piece-001.mid --scheme note --subwords 290 "${quiet[@]}"
expect 0 "400 tokens" "remi" -- prepare good -o data-unigram --subwords 400 --subword-model unigram "${quiet[@]}"
expect 2 "option subword-model" "wordpiece" -- prepare good -o data-few --subwords 400 --subword-model wordpiece
expect 2 "none are asked for" "hint:" -- prepare good -o data-few --subword-model unigram
expect 2 "larger than the scheme's own" -- prepare good -o data-few --subwords 5 "${quiet[@]}"
expect 2 "--subwords does not go with --tokenizer" -- prepare good -o data-few --subwords 400 --tokenizer data/tokenizer.json
expect 0 "Chord_" -- prepare --explain good/piece-001.mid --chords "${quiet[@]}"
expect 2 "tsd has no options of tokens" "hint:" -- prepare good -o data-few --scheme tsd --chords "${quiet[@]}"
expect 2 "odd" -- prepare good -o data-few --micro-timing 4 "${quiet[@]}"

finish
