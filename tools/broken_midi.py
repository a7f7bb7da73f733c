#!/usr/bin/env python3
"""Breaks sound MIDI files in the ways real ones are broken: 112 kinds.

usage: broken_midi.py SOURCE_DIR OUT_DIR FILES_PER_KIND SEED [--running]
Writes OUT_DIR/KIND/NAME.mid and OUT_DIR/index.json: for each file its kind and how many notes the unbroken one has. With
--running the files are written in running status first, as most programs do: tools/compare_midi_readers.py
compares readers on them.
"""

import json
import random
import sys
from pathlib import Path

from broken_midi_kinds import KINDS
from sound_midi import File, notes, with_running


def main():
    source, out, each = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    seed = int(sys.argv[4])
    sources = [p for p in sorted(source.rglob("*.mid")) if 2000 < p.stat().st_size < 20000]
    index = []
    for name, breaker in KINDS.items():
        (out / name).mkdir(parents=True, exist_ok=True)
        r = random.Random(f"{seed} {name}")
        done = 0
        while done < each:
            path = r.choice(sources)
            try:
                f = File(path.read_bytes())
            except (AssertionError, IndexError):
                continue
            count = notes(f)
            if count < 30:
                continue
            if "--running" in sys.argv:
                for t in f.tracks:
                    for e in t:
                        if e[1] & 0xF0 == 0x80:
                            e[1] += 0x10
                            e[2] = e[2][:1] + b"\0"
                with_running(f)
            b = breaker(f, r)
            if b == path.read_bytes():
                continue
            to = out / name / f"{done:03}-{path.stem}.mid"
            to.write_bytes(b)
            index.append({"file": str(to.relative_to(out)), "kind": name, "notes": count})
            done += 1
    (out / "index.json").write_text(json.dumps(index))
    print(len(index), "files of", len(KINDS), "kinds")


if __name__ == "__main__":
    main()
