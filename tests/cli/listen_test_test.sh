#!/usr/bin/env bash
# A blind listening test from folders of music to what came of it.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)

python3 "$here/make_music.py" a 4
python3 "$here/make_music.py" b 4
expect 2 "at least two" "hint:" -- listen-test a -o test "${quiet[@]}"
if ! command -v fluidsynth >/dev/null || [ ! -e /usr/share/sounds/sf3/FluidR3Mono_GM.sf3 ]; then
    expect 3 "synthesiser" "hint:" -- listen-test a b -o test "${quiet[@]}"
    echo "skipped: fluidsynth or its sound font is not installed"
    finish
    exit
fi
expect 0 "key.json" "index.html" -- listen-test a b --excerpts 3 --bars 2 -o test "${quiet[@]}"
expect 0 "key.json" -- listen-test a b --excerpts 3 --bars 2 -o again "${quiet[@]}"
cmp test/key.json again/key.json || fail "the same seed gives another test"
expect 2 "another test" "hint:" -- listen-test a b --excerpts 2 --bars 2 -o test "${quiet[@]}"
python3 - <<'PY' || fail "the kit is not blind, or not whole"
import json, pathlib, re
key = json.load(open("test/key.json"))
assert key["sets"] == ["a", "b"] and len(key["excerpts"]) == 6
assert all(e["pair"] for e in key["excerpts"]), "files of one name are pairs"
sets = [e["set"] for e in key["excerpts"]]
assert sets != sorted(sets), "not shuffled"
page = pathlib.Path("test/kit/index.html").read_text()
assert "http://" not in page and "https://" not in page and "piece-" not in page
assert set(re.findall(r'data-id="([^"]*)"', page)) == {e["id"] for e in key["excerpts"]}
assert key["kit"] in page
assert sorted(p.stem for p in pathlib.Path("test/kit").glob("*.wav")) == sorted(e["id"] for e in key["excerpts"])
for name, good in (("anna", 5), ("ben", 4), ("carl", 5)):
    ratings = {e["id"]: {"rating": good if e["set"] == "a" else 2, "known": False} for e in key["excerpts"]}
    json.dump({"kit": key["kit"], "ratings": ratings}, open(name + ".json", "w"))
json.dump({"kit": "other", "ratings": {}}, open("other.json", "w"))
PY
expect 0 "3 listeners" "a is rated higher than b" "pairs of excerpts" -- listen-test test --ratings anna.json ben.json carl.json
expect_json listen-test test --ratings anna.json --json
expect 3 "another listening test" "other.json" -- listen-test test --ratings other.json
expect 3 "" -- listen-test a --ratings anna.json
finish
