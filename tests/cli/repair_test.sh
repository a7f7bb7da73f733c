#!/usr/bin/env bash
# symphony repair: what it writes reads clean, what it says is so, the originals stay, and a refusal leaves nothing behind.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
cd "$scratch"
quiet=(--progress none)

mkdir -p music/sub none
python3 - <<'EOF'
import struct
def chunk(name, body): return name + struct.pack(">I", len(body)) + body
header = chunk(b"MThd", struct.pack(">HHH", 0, 1, 96))
notes = b"".join(bytes([0, 0x90, p, 100, 0x60, 0x80, p, 64]) for p in (60, 62, 64, 65))
end = b"\0\xff\x2f\0"
title = b"\0\xff\x03\x05" + "Песня".encode("cp1251")
files = {
    "music/clean.mid": header + chunk(b"MTrk", notes + end),
    "music/sub/broken.mid": header + chunk(b"MTrk", title + notes),
    "music/headless.mid": chunk(b"MTrk", notes + end),
    "music/page.mid": b"<html>not found</html>",
    "none/page.mid": b"<html>not found</html>",
}
for name, data in files.items():
    open(name, "wb").write(data)
EOF
before=$(find music -type f -exec sha256sum {} + | sort)

expect 0 "repaired, 4 notes written to out.mid" "MID040 missing-end-of-track" "MID070" "Windows-1251" -- \
    repair music/sub/broken.mid -o out.mid
expect 0 "clean, 4 notes" -- check out.mid --strictness strict
grep -q "Песня" out.mid || { echo "FAILED: the title is not UTF-8"; failures=1; }
expect 0 "clean, copied to same.mid" -- repair music/clean.mid -o same.mid
cmp music/clean.mid same.mid || failures=1
expect 0 "salvaged, 4 notes" "MID003" -- repair music/headless.mid -o out.mid
expect 3 "music/headless.mid" "hint:" -- repair music/headless.mid -o no.mid --strictness repair
expect 3 "a web page" -- repair music/page.mid -o no.mid
expect 3 "nowhere.mid" -- repair nowhere.mid -o no.mid
[ ! -e no.mid ] || { echo "FAILED: a refused file was written"; failures=1; }
expect 2 "no place" "hint:" -- repair music/clean.mid
expect 2 "the output is the input" -- repair music/sub/broken.mid -o music/../music/sub/broken.mid
expect 2 "written as MIDI" -- repair music/sub/broken.mid -o out.musicxml
expect 2 "one of repair, salvage" -- repair music/clean.mid -o x.mid --strictness strict
expect 3 "/proc/symphony" -- repair music/sub/broken.mid -o /proc/symphony/out.mid

expect 0 "4 music files = 1 copied + 2 rewritten + 1 refused; 0 other files" "refused: FIL003" \
    "music/headless.mid: salvaged" -- repair music -o sound "${quiet[@]}"
expect 0 "3 music files = 3 clean" -- check sound --strictness strict "${quiet[@]}"
expect 3 "no file of this folder holds notes" -- repair none -o empty "${quiet[@]}"
[ ! -e empty ] || { echo "FAILED: a refused folder left something"; failures=1; }
[ "$before" = "$(find music -type f -exec sha256sum {} + | sort)" ] || { echo "FAILED: an original was changed"; failures=1; }

# A waltz in 4/4 that begins with its upbeat: named by check, barred by repair --bars and by nothing else.
python3 - <<'PY'
import struct
events = []
for q in range(96):
    place, bar = (q - 1) % 3, (q + 2) // 3
    notes = [(48 + (0, 5, 7, 0)[bar % 4], 3)] if place == 0 else [(64, 1), (67, 1)]
    notes += [(72 + q * 5 % 7, 2 if place == 0 else 1)] if place != 1 else []
    for pitch, quarters in notes:
        events += [(q * 96, 1, bytes([0x90, pitch, 80])), ((q + quarters) * 96, 0, bytes([0x80, pitch, 64]))]
body, last = b"", 0
for tick, _, data in sorted(events):
    body += (bytes([0x80 | (tick - last) >> 7]) if tick - last > 127 else b"") + bytes([(tick - last) & 127]) + data
    last = tick
body += b"\0\xff\x2f\0"
open("waltz.mid", "wb").write(b"MThd" + struct.pack(">IHHH", 6, 0, 1, 96) + b"MTrk" + struct.pack(">I", len(body)) + body)
PY
expect 0 "clean" "COR010 bar-lines" "the music is in 3/4" "1 quarter" -- check waltz.mid
expect 0 "copied" -- repair waltz.mid -o as-it-was.mid
cmp waltz.mid as-it-was.mid || failures=$((failures + 1))
expect 0 "COR012 bars-mended" "the music is in 3/4" -- repair waltz.mid -o barred.mid --bars
"$symphony" check barred.mid --json 2>/dev/null | python3 -c 'import json, sys
report = json.load(sys.stdin)
assert report["bars"] == 33 and not report["diagnostics"], report' || failures=$((failures + 1))

expect_json repair music/sub/broken.mid -o out.mid --json
"$symphony" repair music -o sound --json "${quiet[@]}" 2>/dev/null | python3 -c 'import json, sys
report = json.load(sys.stdin)
assert (report["found"], report["copied"], report["rewritten"], report["refused"]) == (4, 1, 2, 1), report
fates = {file["path"]: file for file in report["files"]}
broken = fates["music/sub/broken.mid"]
assert broken["output"] == "sound/sub/broken.mid" and broken["notes_written"] == 4, broken
assert [d["code"] for d in broken["diagnostics"]] == ["MID070", "MID040"], broken
assert fates["music/page.mid"]["error"]["code"] == "FIL003", fates' || failures=$((failures + 1))
finish
