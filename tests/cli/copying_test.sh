#!/usr/bin/env bash
# What is copied from training pieces, as a user asks for it: a planted copy is named with its source, and --max-copy holds.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)

# Melodies of random notes: what comes after any three of them an n-gram learns by heart.
mkdir good
PYTHONDONTWRITEBYTECODE=1 python3 - "$here" <<'PY'
import pathlib, random, struct, sys
sys.path.insert(0, sys.argv[1])
from make_music import TICKS, meta, track
for piece in range(40):
    rng = random.Random(piece)
    events = [(0, meta(0x58, bytes([4, 2, 24, 8])))]
    for n in range(64):
        pitch = rng.randrange(50, 80)
        events += [(n * TICKS, bytes([0x90, pitch, 80])), ((n + 1) * TICKS - 1, bytes([0x80, pitch, 0]))]
    head = b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS)
    pathlib.Path(f"good/piece-{piece:02}.mid").write_bytes(head + track(events))
PY
expect 0 -- prepare good -o data --no-augment "${quiet[@]}"
expect 0 -- train data --model ngram --order 12 -o run "${quiet[@]}"

# A training piece is a copy of itself, from its first note to its last.
piece=$(python3 -c 'import json
data = json.load(open("data/dataset.json"))
print(next(p["id"] for p in data["pieces"] if p["split"] == "train"))')
expect 0 "100.0 %" "$piece" "percentile" -- copying data "good/$piece" "${quiet[@]}"
"$symphony" copying data "good/$piece" --json "${quiet[@]}" >self.json
python3 - "$piece" <<'PY' || fail "a piece is not found in itself"
import json, sys
one = json.load(open("self.json"))["files"][0]
assert one["exact"]["share_of_notes"]["value"] == 1, one
assert one["exact"]["longest"]["source"] == sys.argv[1], one
assert one["exact"]["longest"]["bars"] == one["exact"]["longest"]["source_bars"], one
assert one["exact"]["longest_notes"]["percentile"] > 90, one
PY

# Its takes copy much; under the rule no stretch is longer than asked for.
expect 0 -- generate run --bars 16 --takes 4 --temperature 0 --no-wav --no-musicxml -o free "${quiet[@]}"
expect 0 -- generate run --bars 16 --takes 4 --temperature 0 --no-wav --no-musicxml --max-copy 2 --data data -o held "${quiet[@]}"
for folder in free held; do "$symphony" copying data $folder --least-notes 8 --json "${quiet[@]}" >$folder.json; done
python3 - <<'PY' || fail "--max-copy does not hold"
import json
def longest(name): return [f["transposed"]["longest_bars"]["value"] for f in json.load(open(name))["files"]]
assert len(longest("held.json")) == 4
assert max(longest("free.json")) > 2, longest("free.json")
assert max(longest("held.json")) < 2.001, longest("held.json")
PY
expect 0 "5 have a longer match" -- copying data free held/take-1.mid "${quiet[@]}"
expect 2 "--data is missing" "hint:" -- generate run --bars 2 --max-copy 2 -o never "${quiet[@]}"
expect 0 -- prepare good -o other --seed 2 "${quiet[@]}"
expect 2 "another data set" "hint:" -- generate run --bars 2 --max-copy 2 --data other -o never "${quiet[@]}"
[ ! -e never ] || fail "a refused generate left a folder"
expect 3 "" -- copying data no-such-file.mid "${quiet[@]}"
echo "no music" >words.mid
expect 3 "words.mid" -- copying data words.mid "${quiet[@]}"
expect 0 "left out" "take-1" -- copying data words.mid held/take-1.mid --progress plain
finish
