#!/usr/bin/env bash
# Tuning by an adapter as a user meets it: RUN/adapter and RUN/model, going on after a kill, merge, and what is refused.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)
python3 "$here/make_music.py" music 50 >/dev/null
expect 0 -- prepare music -o data "${quiet[@]}"

small="--layers 1 --hidden-size 32 --heads 2 --intermediate-size 48 --batch-size 4 --sequence-length 64 --threads 1 --patience 0"
expect 0 "trains " " parameters; needs about" "min: 60 steps of" -- \
    train data --model transformer -o base $small --max-steps 60 --progress plain
expect 0 -- train data --model lstm -o lstm --layers 1 --hidden-size 16 --embedding-size 8 --max-steps 4 "${quiet[@]}"

# An adapter, and base and adapter as one model: what merge makes of the two, to the byte.
tune() { local run=$1; shift; echo tune data --from base -o "$run" --threads 1 --patience 0 --dropout 0.2 "$@"; }
expect 0 "held out" "adapter: mine/adapter" "beside" -- $(tune mine --lora 4 --max-steps 40) --progress plain
for file in adapter/adapter_config.json adapter/adapter_model.safetensors model/model.safetensors; do
    [ -s mine/$file ] || fail "no mine/$file"
done
expect 0 "rank 4, alpha 8, 7 matrices" -- merge base mine -o merged
cmp mine/model/model.safetensors merged/model.safetensors || fail "merge made another model than tune"
cmp -s base/model/model.safetensors merged/model.safetensors && fail "the adapter changed nothing"
for model in mine merged; do
    expect 0 "take-1.mid" -- generate $model --bars 2 --no-wav --no-musicxml -o takes-$model "${quiet[@]}"
done
grep -q '"tuned_from"' mine/model/symphony.json || fail "the model does not say what it was tuned from"
expect_json merge base mine -o merged --json

# Killed and begun again, it is as if it had never stopped.
steps=(--lora 4 --lora-targets q_proj,v_proj --max-steps 800 --evaluate-every 100)
expect 0 -- $(tune whole "${steps[@]}") "${quiet[@]}"
"$symphony" $(tune cut "${steps[@]}") >/dev/null 2>&1 &
pid=$!
for _ in $(seq 600); do
    [ -e cut/checkpoint/last/manifest.json ] && break
    sleep 0.02
done
kill -9 $pid 2>/dev/null || true
wait $pid 2>/dev/null || true
[ ! -e cut/result.json ] || fail "the run had finished before it could be killed"
expect 0 "going on from step" -- $(tune cut "${steps[@]}") --progress plain
for file in adapter/adapter_model.safetensors model/model.safetensors; do
    cmp whole/$file cut/$file || fail "other weights after the kill"
done
expect 2 "made from weights" "another folder" -- tune data --from mine -o cut --threads 1 --patience 0 --dropout 0.2 "${steps[@]}" "${quiet[@]}"
expect 2 "lora" -- $(tune cut --lora 5 --lora-targets q_proj,v_proj --max-steps 800 --evaluate-every 100) "${quiet[@]}"

# What cannot be is said before anything is trained.
expect 2 "lora" "0" -- $(tune never --lora 0) "${quiet[@]}"
expect 2 "expected 1 to 32" -- $(tune never --lora 33) "${quiet[@]}"
expect 2 "lora-targets" -- $(tune never --lora 2 --lora-targets lm_head) "${quiet[@]}"
expect 2 "family is lstm" "hint:" -- tune data --from lstm --lora 2 -o never "${quiet[@]}"
expect 2 "there is no --lora" "hint:" -- tune data --from base --lora-targets q_proj -o never "${quiet[@]}"
expect 2 "needs a model" "symphony tune" -- train data --model transformer --lora 2 -o never "${quiet[@]}"
[ ! -e never ] || fail "a refused tune left a folder"

# Merging: only into the base it was made for, and never over a model that was trained.
expect 5 "was made for base with" "--any-base" -- merge mine mine -o other
expect 0 "only shapes were checked" -- merge mine mine -o other --any-base
expect 3 "not merged" "hint:" -- merge base mine -o base/model
expect 2 "--output" "hint:" -- merge base mine
expect 2 "takes no such adapter" "hint:" -- merge lstm mine -o never
expect 5 "adapter_config.json" -- merge base nowhere -o never

# Hostile adapters: one line, exit code 5, and no folder.
damaged() { rm -rf bad; cp -r mine/adapter bad; }
setting() { damaged; python3 - "$1" <<'END'
import json, sys
path = "bad/adapter_config.json"
config = json.load(open(path)) | json.loads(sys.argv[1])
json.dump(config, open(path, "w"))
END
}
setting '{"use_dora": true}'
expect 5 "bad/adapter_config.json" "\"use_dora\" is true" -- merge base bad -o never
setting '{"r": 3}'
expect 5 "expected [3, " -- merge base bad -o never
setting '{"target_modules": ["q_proj"]}'
expect 5 "adapts no projection" -- merge base bad -o never
damaged; head -c 700 mine/adapter/adapter_model.safetensors >bad/adapter_model.safetensors
expect 5 "bad/adapter_model.safetensors" -- merge base bad -o never
damaged; python3 - <<'END'
import struct
path = "bad/adapter_model.safetensors"
data = bytearray(open(path, "rb").read())
data[-4:] = struct.pack("<f", float("nan"))
open(path, "wb").write(data)
END
expect 5 "not finite" -- merge base bad -o never
[ ! -e never ] || fail "a refused merge left a folder"
finish
