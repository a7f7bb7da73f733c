#!/usr/bin/env bash
# sweep: trials, early losers, winners with seeds; stopped and gone on.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)
python3 "$here/make_music.py" good 44
expect 0 -- prepare good -o data "${quiet[@]}"
small=(--families rnn --vary hidden-size=8,16 --vary learning-rate=0.001,0.01 --fixed embedding-size=8 transpose=false --max-steps 40 --rounds 2 --seeds 2)
expect 0 "best | settings" "| rnn | 4 |" -- sweep data "${small[@]}" -o sweep "${quiet[@]}"
expect_json sweep data "${small[@]}" -o sweep --json "${quiet[@]}"
python3 - <<'PY' || fail "sweep.json is not as it should be"
import json
sweep = json.load(open("sweep/sweep.json"))
trials = sweep["trials"]
assert len(trials) == 4 and {len(t["valid_by_steps"]) for t in trials} == {1, 2}
assert sum(len(t["valid_by_steps"]) == 2 for t in trials) == 2
first = sorted(t["valid_by_steps"][0][1] for t in trials)
assert max(t["valid_by_steps"][0][1] for t in trials if len(t["valid_by_steps"]) == 2) <= first[1]
best = sweep["best"][0]
assert len(best["valid_by_seed"]) == len(best["test_by_seed"]) == 2
for t in trials:  # test is looked at by the winners alone
    result = json.load(open(f"sweep/rnn-{t['trial']}-round-1/result.json"))
    assert "test_loss" not in result, result
PY
# What is done is not done again.
grep -q '^transpose = false' sweep/rnn-1-round-1/run.toml || fail "a trial took no yes or no"
before=$(stat -c %Y sweep/rnn-1-round-1/result.json)
sleep 1
expect 0 -- sweep data "${small[@]}" -o sweep "${quiet[@]}"
[ "$before" = "$(stat -c %Y sweep/rnn-1-round-1/result.json)" ] || fail "a finished trial was trained again"
printf 'families = ["rnn"]\nvary = ["hidden-size=8"]\nmax-steps = 10\nrounds = 1\nseeds = 1\n' >sweep.toml
expect 0 "hidden-size 8" -- sweep data --config sweep.toml -o from-file "${quiet[@]}"
expect 2 "expected an option" -- sweep data --families rnn --vary hidden-size -o never "${quiet[@]}"
expect 2 "missing" -- sweep data -o never "${quiet[@]}"
expect 2 "code 2" -- sweep data --families rnn --vary no-such-option=1 -o never "${quiet[@]}"
finish
