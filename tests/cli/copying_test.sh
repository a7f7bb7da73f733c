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

# By fingerprints alone: a model that carries them names a planted copy, in another key, with its source and its bars.
expect 0 "notes or more is found" -- copying data --index run/model/fingerprints.bin "${quiet[@]}"
mkdir planted
PYTHONDONTWRITEBYTECODE=1 python3 - "$here" "$piece" <<'PY'
import pathlib, random, struct, sys
sys.path.insert(0, sys.argv[1])
from make_music import TICKS, meta, track
# Quarters 16 to 39 of the piece, a third lower, from the second bar on.
rng = random.Random(int(sys.argv[2][6:8]))
source = [rng.randrange(50, 80) for _ in range(64)]
rng = random.Random("other notes")
pitches = [rng.randrange(50, 80) for _ in range(4)] + [p - 4 for p in source[16:40]] + [rng.randrange(50, 80) for _ in range(12)]
events = [(0, meta(0x58, bytes([4, 2, 24, 8])))]
for n, pitch in enumerate(pitches):
    events += [(n * TICKS, bytes([0x90, pitch, 80])), ((n + 1) * TICKS - 1, bytes([0x80, pitch, 0]))]
pathlib.Path("planted/take.mid").write_bytes(b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS) + track(events))
PY
expect 0 "= $piece bars" "by fingerprints of 9 notes: every match of 12 notes or more" -- copying planted --model run "${quiet[@]}"
"$symphony" copying planted --model run --json "${quiet[@]}" >planted.json
python3 - "$piece" <<'PY' || fail "a planted copy is not found by its fingerprints"
import json, sys
report = json.load(open("planted.json"))
one = report["files"][0]
assert 24 - report["unseen_notes"] <= one["longest_notes"] <= 24, one
assert one["longest"]["source"] == sys.argv[1], one
first, last = one["longest"]["bars"]
assert first == 2 and last in (6, 7), one
assert one["longest"]["source_bars"] == [first + 3, last + 3], one
assert abs(one["share_of_notes"] - 24 / 40) < 0.2, one
PY
expect 0 "no match of 12 notes or more" -- copying planted "${quiet[@]}"

# By them generate keeps clear of what was learned; what is promised shows in the exact search.
expect 0 "by fingerprints: no match of 12 notes or more, 3 at each end left out, reaches farther than 3 bars" -- generate run --bars 16 --takes 4 --temperature 0 --no-wav --no-musicxml --max-copy 3 -o printed --progress plain
"$symphony" copying printed --model run --least-notes 9 --json "${quiet[@]}" >printed.json
"$symphony" copying data printed --least-notes 12 --json "${quiet[@]}" >exact.json
python3 - <<'PY' || fail "--max-copy by fingerprints does not hold"
import json
for one in json.load(open("printed.json"))["files"]: assert one["longest_bars"] < 3.001, one
# Three quarters are not seen at each end.
for one in json.load(open("exact.json"))["files"]: assert one["transposed"]["longest_bars"]["value"] < 3.001 + 6 / 4, one
PY
expect 0 -- reproduce printed/take-2.mid --model run -o printed-again "${quiet[@]}"
cmp printed/take-2.mid printed-again/take-2.mid || fail "a take under --max-copy was not made again"
expect 2 "--data is missing" "--max-copy" -- reproduce held/take-1.mid --model run -o never "${quiet[@]}"
expect 0 -- reproduce held/take-2.mid --model run --data data -o held-again "${quiet[@]}"
cmp held/take-2.mid held-again/take-2.mid || fail "a take under --max-copy --data was not made again"
cp -r run bare && rm bare/model/fingerprints.bin
expect 2 "no fingerprints come" "hint:" -- generate bare --bars 2 --max-copy 2 -o never "${quiet[@]}"
expect 2 "no fingerprints" "hint:" -- copying planted --model bare "${quiet[@]}"
expect 2 "expected one of them" -- copying data planted --model run "${quiet[@]}"
expect 2 "no music was named" -- copying data "${quiet[@]}"
expect 2 "and no music" -- copying data planted --index never.bin "${quiet[@]}"
cp -r run damaged && printf 'x' >>damaged/model/fingerprints.bin
expect 5 "damaged/model/fingerprints.bin" "checksum" "hint:" -- copying planted --model damaged "${quiet[@]}"
expect 0 -- copying other --index damaged/model/fingerprints.bin "${quiet[@]}"
expect 5 "another data set" -- copying planted --model damaged "${quiet[@]}"

expect 3 "" -- copying data no-such-file.mid "${quiet[@]}"
echo "no music" >words.mid
expect 3 "words.mid" -- copying data words.mid "${quiet[@]}"
expect 0 "left out" "take-1" -- copying data words.mid held/take-1.mid --progress plain
finish
