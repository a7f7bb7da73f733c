#!/usr/bin/env bash
# Bad input is normal input: one line with file, found, expected and a hint, the right exit code, nothing lost. Through the program itself.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)

python3 "$here/make_music.py" good 44
mkdir empty junk
head -c 3000 /dev/urandom >junk/noise.mid
printf '<html>not found</html>' >junk/page.mid

# Nothing to learn from.
expect 2 "unknown option --ouput" "did you mean --output?" -- explore good --ouput x
expect 3 "no such file or folder" "nowhere" -- explore nowhere
expect 3 "empty" -- explore empty "${quiet[@]}"
expect 3 "junk" -- explore junk "${quiet[@]}"
expect 3 "hint:" -- prepare empty -o data-empty "${quiet[@]}"
expect 3 "hint:" -- prepare junk -o data-junk "${quiet[@]}"
[ ! -e data-empty ] && [ ! -e data-junk ] || { echo "FAILED: a refused folder left a data set"; failures=1; }

# One broken file among good ones: counted, named, and the others go on.
cp -r good mixed
head -c 40 good/piece-001.mid >mixed/cut.mid
printf 'RIFFnothing' >mixed/other.mid
expect 0 -- explore mixed --json "${quiet[@]}"
"$symphony" explore mixed --json "${quiet[@]}" 2>/dev/null >mixed.json
python3 - <<'EOF' || failures=1
import json
report = json.load(open("mixed.json"))
account = report["account"]
assert account["found"] == 46, account
refused = [file["id"] for file in account["files"] if file["fate"] == "refused"]
assert account["refused"] == len(refused) and "other.mid" in refused, account
EOF

# A good data set, then what can be wrong about settings, places and models.
expect 0 -- prepare good -o data "${quiet[@]}"
tiny=(--max-steps 4 --hidden-size 16 --embedding-size 16 --batch-size 2 --sequence-length 32)
expect 0 -- train data --model rnn "${tiny[@]}" -o run "${quiet[@]}"

printf 'layers = 1\nlayrs = 2\n' >bad.toml
expect 2 "bad.toml:2" "did you mean 'layers'?" -- train data --model rnn --config bad.toml -o run2
printf 'layers = \n' >worse.toml
expect 2 "worse.toml:1" -- train data --model rnn --config worse.toml -o run2
expect 2 "one of" -- train data --model gru -o run2
expect 2 "dropout" -- train data --model rnn --dropout 1.5 -o run2
expect 2 "hidden-size" -- train data --model rnn "${tiny[@]}" --hidden-size 24 -o run "${quiet[@]}"
expect 3 "hint:" -- train empty --model rnn -o run2 "${quiet[@]}"
# Decay of ten times a weight at each step makes the weights explode.
expect 4 "step" -- train data --model rnn --max-steps 400 --hidden-size 16 --embedding-size 16 --batch-size 2 --sequence-length 32 \
    --learning-rate 10 --weight-decay 1 -o diverged "${quiet[@]}"

# No write access (not even for root), and a full disk.
expect 3 "/proc/symphony" "hint:" -- prepare good -o /proc/symphony/data "${quiet[@]}"
expect 3 "/proc/symphony" -- train data --model rnn "${tiny[@]}" -o /proc/symphony/run "${quiet[@]}"
expect 3 "/proc/symphony" -- generate run --bars 2 --takes 1 -o /proc/symphony/takes "${quiet[@]}"
mkdir small
if mount -t tmpfs -o size=48k none small 2>/dev/null; then
    cp -r good small-copy
    expect 3 "No space left" "free some disk space" -- prepare good -o small/data "${quiet[@]}"
    [ ! -e small/data/dataset.json ] || { echo "FAILED: half a data set on a full disk"; failures=1; }
    umount small
fi
if [ "$(id -u)" != 0 ]; then
    cp -r good locked
    chmod 000 locked/piece-000.mid
    expect 0 "piece-000.mid" -- check locked
fi

# Damaged and mismatched models.
cp -r run/model damaged
head -c 200 run/model/model.safetensors >damaged/model.safetensors
expect 5 "damaged/model.safetensors" -- generate damaged --bars 2 --takes 1 -o takes "${quiet[@]}"
expect 5 "damaged/model.safetensors" -- evaluate damaged --data data --split valid "${quiet[@]}"
cp -r run/model nameless
printf '{"family": "gru"}' >nameless/config.json
expect 5 "config.json" -- generate nameless --bars 2 --takes 1 -o takes "${quiet[@]}"
expect 5 -- generate empty --bars 2 --takes 1 -o takes "${quiet[@]}"
expect 0 -- prepare good -o data-note --scheme note "${quiet[@]}"
expect 5 "tokenizer" "hint:" -- evaluate run --data data-note --split valid "${quiet[@]}"
printf 'x' >>data-note/tokens-train.npy
expect 3 "tokens-train.npy" -- train data-note --model rnn "${tiny[@]}" -o run3 "${quiet[@]}"
expect 3 "junk/noise.mid" -- generate run --prime junk/noise.mid --bars 2 --takes 1 -o takes "${quiet[@]}"
expect 2 "unknown" -- generate run --bars 2 --temprature 1

# Music given to train is prepared beside the run, and again where music or seed are others; a mere look leaves nothing.
python3 "$here/make_music.py" other 45
expect 0 -- train good --model rnn "${tiny[@]}" --dry-run -o looked "${quiet[@]}"
[ ! -e looked ] && [ ! -e looked.data ] || fail "--dry-run left something"
expect 0 -- train good --model ngram --order 3 -o sung "${quiet[@]}"
expect 0 "prepared earlier" "nothing to do" -- train good --model ngram --order 3 -o sung --progress plain
expect 2 "made from data" -- train other --model ngram --order 3 -o sung "${quiet[@]}"
expect 0 -- train good --model ngram --order 3 -o sung "${quiet[@]}"
expect 0 -- evaluate sung --data good --split test "${quiet[@]}"
echo "mine" >sung/notes.txt
expect 0 "replaced" -- train other --model ngram --order 3 -o sung --force --progress plain
grep -q '"corpus":"other"' sung.data/dataset.json || fail "trained on other music than asked for"
[ ! -e sung/test.json ] && [ -e sung/notes.txt ] || fail "--force took too little or too much"
expect 0 -- train other --model ngram --order 3 --seed 9 -o sung --force "${quiet[@]}"
grep -q '"seed":9' sung.data/dataset.json || fail "split by an earlier seed"
expect 3 "no such file" -- train nowhere --model ngram --order 3 -o sung --force "${quiet[@]}"
# What a crash before the run began leaves is no obstacle; anything else is.
mkdir begun
echo '{"hash": "0"}' >begun/data.json
echo 'half' >begun/run.toml.tmp-12345
expect 0 -- train data --model ngram --order 3 -o begun "${quiet[@]}"
[ ! -e begun/run.toml.tmp-12345 ] || fail "half a file stays"
mkdir theirs
echo 'thesis' >theirs/thesis.txt
expect 2 "holds no run" -- train data --model ngram --order 3 -o theirs --force "${quiet[@]}"
# --force replaces a data set and nothing else.
cp -r data data-with-run
cp -r run data-with-run/run
expect 3 "run/" "nothing was written" -- prepare good -o data-with-run --force "${quiet[@]}"
[ -e data-with-run/run/run.toml ] || fail "prepare --force took a run along"

# Stopped while it downloads: that is no trouble of the network, and nothing else is tried instead.
mkdir bin
cat >bin/python3 <<'EOF'
#!/bin/sh
case "$*" in *--version*) exit 0 ;; esac
touch "$ASKED"
sleep 30 &
sleep 30
EOF
chmod +x bin/python3
for words in "corpus get bach-chorales -o chorales" "demo -o played"; do
    rm -f asked
    # shellcheck disable=SC2086  # words
    status=$(ASKED=$PWD/asked XDG_DATA_HOME=$PWD PATH=$PWD/bin:$PATH stopped_after asked $words "${quiet[@]}")
    [ "$status" = 75 ] || fail "symphony $words, stopped, ends with $status: $(cat stopped.log)"
done
[ ! -e chorales ] || fail "a stopped download left a folder"

# After all this the finished run is what it was.
expect 0 -- generate run --bars 2 --takes 1 --no-wav -o takes "${quiet[@]}"
finish
