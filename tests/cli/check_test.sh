#!/usr/bin/env bash
# symphony check: grades, diagnostics, exit codes and accounts, of one file and of folders.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
cd "$scratch"
quiet=(--progress none)

mkdir -p music/folder none
python3 - <<'EOF'
import struct
def chunk(name, body): return name + struct.pack(">I", len(body)) + body
header = chunk(b"MThd", struct.pack(">HHH", 0, 1, 96))
notes = b"".join(bytes([0, 0x90, p, 100, 0x60, 0x80, p, 64]) for p in (60, 62, 64, 65))
end = b"\0\xff\x2f\0"
files = {
    "music/clean.mid": header + chunk(b"MTrk", notes + end),
    "music/folder/repaired.MID": header + chunk(b"MTrk", notes),
    "music/folder/refused.mid": b"this is no music",
    "music/silent.mid": header + chunk(b"MTrk", end),
    "music/headless.midi": chunk(b"MTrk", notes + end),
    "music/notes.txt": b"a shopping list",
    "none/page.mid": b"<html>not found</html>",
}
for name, data in files.items():
    open(name, "wb").write(data)
EOF

expect 0 "clean" "4 notes in 1 parts" " ms" -- check music/clean.mid
expect 0 "repaired" "MID040 missing-end-of-track @0x36 track 0" -- check music/folder/repaired.MID
expect 3 "error: music/folder/repaired.MID" "MID040" "hint:" -- check music/folder/repaired.MID --strictness strict
expect 3 "error: music/folder/refused.mid" "FIL003 unknown-format" -- check music/folder/refused.mid --strictness repair
expect 3 "error: music/folder/refused.mid" "MID001 not-midi" -- check music/folder/refused.mid
expect 3 "a web page" -- check none/page.mid
expect 3 "clean, 0 notes" "holds no notes" -- check music/silent.mid
expect 3 "error: music/headless.midi" "salvage reads" -- check music/headless.midi --strictness repair
expect 0 "salvaged" "MID003 header-missing" "4 notes" "learning leaves it out" -- check music/headless.midi
expect 3 "error: nowhere.mid" -- check nowhere.mid
expect 2 "one of strict, repair, salvage" -- check music/clean.mid --strictness mild
expect 2 -- check

expect 0 "5 music files = 2 clean + 2 refused + 1 repaired" "2 with notes (8 in all)" "1 other files" \
    "refused: FIL003" "MID040 missing-end-of-track" -- check music --strictness repair "${quiet[@]}"
expect 0 "5 music files = 2 clean + 1 refused + 1 repaired + 1 salvaged" "3 with notes (12 in all)" -- check music "${quiet[@]}"
expect 3 "no file of this folder holds notes" "hint:" -- check none "${quiet[@]}"

# What would make us wait or eat the memory is refused, and the others go on.
mkfifo pipe.mid
expect 3 "error: pipe.mid" -- check pipe.mid
expect 3 "pipe.mid" -- explore pipe.mid "${quiet[@]}"
cp -r music huge
if truncate -s 2T huge/huge.mid 2>/dev/null; then
    expect 0 "huge.mid: refused" "too large" "3 with notes" -- check huge "${quiet[@]}"
    expect 0 "huge.mid" "too large" -- explore huge "${quiet[@]}"
fi

for strictness in strict repair salvage; do
    expect_json check music --json --strictness $strictness
done
expect_json check music/clean.mid --json
for threads in 1 4; do
    "$symphony" check music --json --strictness repair --threads $threads 2>/dev/null |
        python3 -c 'import json, sys
report = json.load(sys.stdin)
assert report["found"] == 5 and report["usable"] == 2 and report["notes"] == 8, report
assert report["grades"] == {"clean": 2, "refused": 2, "repaired": 1}, report["grades"]
assert [file["path"] for file in report["files"]] == sorted(file["path"] for file in report["files"])
repaired = next(file for file in report["files"] if file["grade"] == "repaired")
assert repaired["diagnostics"][0]["code"] == "MID040", repaired
assert repaired["diagnostics"][0]["offset"] == 54, repaired
refused = next(file for file in report["files"] if file["path"].endswith("refused.mid"))
assert refused["error"]["code"] == "FIL003", refused' || failures=$((failures + 1))
done
status=0
"$symphony" check music/folder/refused.mid --json >/dev/null 2>&1 || status=$?
[ "$status" = 3 ] || { echo "FAILED: check --json of a refused file ends with $status"; failures=$((failures + 1)); }
finish
