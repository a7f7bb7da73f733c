#!/usr/bin/env bash
# LSTM and transformer through the command line: killed and resumed training is training that never stopped; tuning.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
python3 "$here/make_music.py" music 50 >/dev/null
expect 0 -- prepare music -o data

small="--layers 1 --hidden-size 32 --embedding-size 16 --heads 2 --intermediate-size 48 --batch-size 4 --sequence-length 64
       --threads 1 --patience 0 --dropout 0.2"

# What a run leaves behind, without the clock.
losses() { sed -E 's/"seconds":[^,}]*,?//' "$1/metrics.jsonl" | grep -v '"event":"start"'; }

# goes_on MODEL NAME STEPS OPTIONS...   trains whole-NAME at a stretch, and cut-NAME killed at its first checkpoint and begun again.
goes_on() {
    local model=$1 name=$2 pid
    local steps="--max-steps $3 --evaluate-every $(($3 / 8))"
    shift 3
    expect 0 -- train data --model "$model" -o "whole-$name" $small $steps "$@"
    "$symphony" train data --model "$model" -o "cut-$name" $small $steps "$@" >/dev/null 2>&1 &
    pid=$!
    for _ in $(seq 600); do
        [ -e "cut-$name/checkpoint/last/manifest.json" ] && break
        sleep 0.02
    done
    kill -9 $pid 2>/dev/null || true
    wait $pid 2>/dev/null || true
    if [ -e "cut-$name/result.json" ]; then
        echo "FAILED: $name had finished before it could be killed"
        failures=$((failures + 1))
    fi
    expect 0 "going on from step" -- train data --model "$model" -o "cut-$name" $small $steps "$@"
    cmp "whole-$name/model/model.safetensors" "cut-$name/model/model.safetensors" || failures=$((failures + 1))
    diff <(losses "whole-$name") <(losses "cut-$name") >differences || {
        echo "FAILED: $name: other losses after the kill"
        head -5 differences
        failures=$((failures + 1))
    }
}

for model in lstm transformer; do
    goes_on $model $model 800
    goes_on $model varied-$model 160 --augment all
    expect 5 "nowhere/config.json" -- tune data --from nowhere -o tuned
    expect 2 "hidden-size" "which the model has" -- tune data --from whole-$model -o tuned --hidden-size 64
    expect 0 "held out" -- tune data --from whole-$model -o tuned-$model --max-steps 20 --threads 1
    expect_json train --json data --model $model -o whole-$model $small --max-steps 800 --evaluate-every 100
done

# Ids of another tokenizer mean other music.
python3 "$here/make_music.py" other 45 >/dev/null
expect 0 -- prepare other -o other-data --scheme note
expect 5 "tokenizer is not that of" "symphony prepare" -- tune other-data --from whole-lstm -o mixed
expect 0 "held out" -- tune other --from whole-lstm -o from-folder --max-steps 20 --threads 1
expect 0 -- train data --model ngram -o ngram
expect 2 "expected a model with gradients" "n-gram is counted" -- tune data --from ngram -o tuned-ngram

# A model to give away: half the bytes, the same music, and a card; other families are not given away yet.
"$symphony" evaluate whole-transformer --data data --split valid --json >evaluation.json 2>/dev/null
expect 0 "MODEL_CARD.md" -- card whole-transformer --data data --evaluation evaluation.json --title "A small one" -o given
grep -q "bits per note" given/MODEL_CARD.md || fail "the card tells no figure"
[ -s given/curve.svg ] || fail "the card has no curve"
[ "$(stat -c %s given/model.safetensors)" -lt $(($(stat -c %s whole-transformer/model/model.safetensors) * 6 / 10)) ] || fail "the weights were not halved"
expect 0 "take-1.mid" -- generate given --bars 2 --no-wav --no-musicxml -o from-given
expect 2 "only transformers" -- card whole-lstm --data data -o never
expect 2 "missing" -- card whole-transformer

# A damaged checkpoint or model is said, with its file.
head -c 1000 whole-lstm/model/model.safetensors >cut-short
mkdir broken && cp whole-lstm/model/* broken/ && cp cut-short broken/model.safetensors
expect 5 "broken/model.safetensors" "cut short" -- tune data --from broken -o tuned-broken
finish
