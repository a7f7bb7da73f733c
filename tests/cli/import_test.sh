#!/usr/bin/env bash
# import as a user meets it: a published model's folder becomes one that generate, evaluate and export take.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)

python3 "$here/make_music.py" good 24
expect 0 -- prepare good -o data --scheme tsd "${quiet[@]}"
tokens=$(python3 -c 'import json; print(json.load(open("data/dataset.json"))["vocabulary_size"])')

# The architectures of Hugging Face, with MidiTok's tokens.
for family in llama gpt2; do
    python3 "$here/make_foreign.py" "$family" "$family" "$tokens"
    expect 5 "no tokenizer.json" "hint:" -- import "$family" -o "ours-$family"
    [ ! -e "ours-$family" ] || fail "a refused import left a folder"
    cp data/tokenizer.json "$family"
    expect 0 "M parameters" "tsd with $tokens tokens" "licence" -- import "$family" -o "ours-$family"
    expect 0 "take-1.mid" -- generate "ours-$family" --bars 2 --no-wav --no-musicxml -o "takes-$family" "${quiet[@]}"
    expect 0 -- check "takes-$family/take-1.mid" "${quiet[@]}"
    expect 0 "bits/note" -- evaluate "ours-$family" --data data "${quiet[@]}"
done
expect_json import llama -o ours-llama --json
expect 0 "model.safetensors" -- export ours-llama -o exported
expect 2 "no words" "hint:" -- export ours-gpt2 -o never
[ ! -e never ] || fail "a refused export left a folder"
expect 2 "rms_norm_eps" "hint:" -- tune data --from ours-llama -o tuned "${quiet[@]}"
expect 2 "cannot be tuned" "hint:" -- tune data --from ours-gpt2 -o tuned "${quiet[@]}"

# Families with tokens of their own, drawn as they are where nothing else is asked.
python3 "$here/make_foreign.py" amt gpt2 55028 scale_attn_by_inverse_layer_idx=true
expect 0 "Anticipatory Music Transformer" "55028 tokens" -- import amt -o ours-amt
python3 "$here/make_foreign.py" amt-unsaid gpt2 55028
expect 0 "does not say scale_attn" -- import amt-unsaid -o ours-unsaid --progress plain
python3 "$here/make_foreign.py" aria aria 17727
expect 0 "Aria" "17727 tokens" -- import aria -o ours-aria
python3 "$here/make_foreign.py" skytnt skytnt 3406
expect 0 "midi-model" "skytnt-v2o with 3406 tokens" -- import skytnt -o ours-skytnt
for family in amt aria skytnt; do
    expect 0 "take-1.mid" -- generate "ours-$family" --bars 2 --no-wav --no-musicxml -o "takes-$family" "${quiet[@]}"
    expect 0 "bits/note" -- evaluate "ours-$family" --data good "${quiet[@]}"
    expect 0 "take-1.mid" -- generate "ours-$family" --prime good/piece-001.mid --primer-bars 2 --bars 3 --no-wav --no-musicxml -o "primed-$family" "${quiet[@]}"
done
grep -q '"top-p": 0.98' takes-amt/*.json || fail "the family's sampling was not taken"
python3 "$here/make_foreign.py" pedals aria 17729
expect 5 "17729 tokens" -- import pedals -o ours-pedals

# Refused by name, and nothing of the user's is lost.
python3 "$here/make_foreign.py" odd llama "$tokens" qk_norm=true
cp data/tokenizer.json odd
expect 5 "\"qk_norm\" is true" "hint:" -- import odd -o ours-odd
python3 "$here/make_foreign.py" other llama 77
cp data/tokenizer.json other
expect 5 "77 tokens" "hint:" -- import other -o ours-other
[ ! -e ours-other ] || fail "a refused import left a folder"
expect 0 -- train data --model ngram --order 3 -o run "${quiet[@]}"
expect 3 "not imported" "hint:" -- import llama -o run/model
expect 3 "got no folder" "hint:" -- import nowhere -o ours
expect 2 "--output" "hint:" -- import llama
finish
