#!/usr/bin/env bash
# Files made to eat memory, time or patience, through the program itself: each is read, or refused with a code, within 2 GB of
# address space and ten seconds, and the files beside it are read all the same.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
cd "$scratch"
quiet=(--progress none)
export LC_ALL=C

mkdir -p music/locked music/deep
python3 - <<'EOF'
import os, struct, zipfile
def chunk(name, body): return name + struct.pack(">I", len(body)) + body
def header(tracks, division=96): return chunk(b"MThd", struct.pack(">HHH", 1, tracks, division))
notes = b"".join(bytes([0, 0x90, p, 100, 0x60, 0x80, p, 64]) for p in (60, 62, 64, 65))
end = b"\0\xff\x2f\0"
good = header(1) + chunk(b"MTrk", notes + end)
def write(name, data):
    with open(name, "wb") as file: file.write(data)

write("music/good.mid", good)
write("music/tracks.mid", header(10000) + chunk(b"MTrk", notes + end) * 10000)
# A note every ten seconds for 101 hours: 10 ticks a quarter of half a second, 200 ticks from note to note.
write("music/hours.mid", header(1, 10) + chunk(b"MTrk", b"\x81\x3e\x90<d\x0a\x80<@" * 36360 + end))
with zipfile.ZipFile("music/bomb.mxl", "w", zipfile.ZIP_DEFLATED) as bomb:
    bomb.writestr("META-INF/container.xml", "<container><rootfiles><rootfile full-path='score.xml'/></rootfiles></container>")
    with bomb.open("score.xml", "w") as entry:
        for _ in range(1024): entry.write(b" " * (1 << 20))
with zipfile.ZipFile("music/crowd.mxl", "w") as crowd:
    for i in range(20000): crowd.writestr("%d.txt" % i, "")
entities = "".join('<!ENTITY e%d "%s">' % (i, "&e%d;" % (i - 1) * 10 if i else "lol" * 10) for i in range(10))
write("music/entities.musicxml", ('<?xml version="1.0"?><!DOCTYPE score-partwise [%s]><score-partwise><part-list>'
      '<score-part id="P1"><part-name>&e9;</part-name></score-part></part-list><part id="P1"><measure number="1"><attributes>'
      '<divisions>1</divisions></attributes><note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration></note>'
      '</measure></part></score-partwise>' % entities).encode())
write("music/nested.musicxml", b"<score-partwise>" + b"<part>" * 200000)
write(b"music/latin-\xe9.mid", good)
write("music/new\nline.mid", good)
write("music/quote'\" $(id).mid", good)
write("music/" + "x" * 240 + ".mid", good)
write("music/locked/in.mid", good)
write("music/pages.mid", b"<html>" * 100000)
os.mkfifo("music/pipe.mid")
os.symlink("..", "music/deep/up")
os.symlink("loop-b.mid", "music/loop-a.mid")
os.symlink("loop-a.mid", "music/loop-b.mid")
os.symlink("nowhere.mid", "music/dangling.mid")
EOF
chmod 000 music/locked

limited() {
    if [ -n "${SYMPHONY_SANITIZE:-}" ]; then timeout 80 "$symphony" "$@"; else ( ulimit -v 2000000; timeout 10 "$symphony" "$@" ); fi
}

limited check music --json "${quiet[@]}" >report.json 2>errors || { echo "FAILED: check of the folder: $(cat errors)"; failures=1; }
python3 - "$(id -u)" <<'EOF' || failures=$((failures + 1))
import json, sys
report = json.load(open("report.json"))
files = {file["path"].split("/")[-1]: file for file in report["files"]}
assert files["tracks.mid"]["notes"] == 40000 and files["tracks.mid"]["grade"] == "clean", files["tracks.mid"]
assert files["hours.mid"]["seconds"] > 100 * 3600 and files["hours.mid"]["grade"] == "clean", files["hours.mid"]
assert files["bomb.mxl"]["error"]["code"] == "XML005", files["bomb.mxl"]
assert files["crowd.mxl"]["grade"] == "refused", files["crowd.mxl"]
assert files["entities.musicxml"]["notes"] == 1, files["entities.musicxml"]
assert files["nested.musicxml"]["grade"] == "refused", files["nested.musicxml"]
assert files["pages.mid"]["error"]["code"].startswith(("MID", "FIL")), files["pages.mid"]
for name in ("good.mid", "new\nline.mid", "quote'\" $(id).mid", "x" * 240 + ".mid", "latin-\ufffd.mid"):
    assert files[name]["notes"] == 4, name
assert not {"pipe.mid", "dangling.mid", "loop-a.mid"} & set(files), list(files)
if sys.argv[1] == "0":  # root may read everything
    assert files["in.mid"]["notes"] == 4
else:
    assert any(path.endswith("locked") for path in report["unreadable_folders"]), report["unreadable_folders"]
EOF

# Each alone, and what else takes folders.
expect 3 "FIL001 empty" -- check music/pipe.mid
expect 3 "FIL002 unreadable" -- check music/loop-a.mid
expect 3 "FIL002 unreadable" -- check music/dangling.mid
expect 0 "4 notes" -- check "$(printf 'music/latin-\351.mid')"
limited repair music -o sound --json "${quiet[@]}" >repair.json 2>errors || { echo "FAILED: repair: $(cat errors)"; failures=1; }
python3 -c 'import json; report = json.load(open("repair.json")); assert report["copied"] >= 7, report["copied"]' || failures=$((failures + 1))
limited explore music --json "${quiet[@]}" >explore.json 2>errors || { echo "FAILED: explore: $(cat errors)"; failures=1; }
python3 -c 'import json; json.load(open("explore.json"))' || failures=$((failures + 1))
if find sound -name '*.tmp-*' | grep .; then echo "FAILED: a temporary file was left"; failures=1; fi
chmod 755 music/locked

# A file that grows while it is read is refused, or read as it was at one moment, and the program ends.
python3 - <<'EOF' &
import time
end = time.time() + 2
while time.time() < end:
    with open("music/good.mid", "ab") as file: file.write(b"\0" * 4096)
EOF
writer=$!
for _ in 1 2 3 4 5; do
    status=0
    limited check music/good.mid >/dev/null 2>&1 || status=$?
    case $status in 0 | 3) ;; *) echo "FAILED: a growing file ends check with $status"; failures=1 ;; esac
done
wait $writer
finish
