#!/usr/bin/env python3
"""How many MIDI files are read, and with how many notes, by symphony and by other readers.

    python3 -m venv venv && venv/bin/pip install mido pretty_midi symusic
    venv/bin/python tools/compare_midi_readers.py build/release/bin/symphony FOLDER [--mutants N] [--show N]

With --mutants N it damages the files of FOLDER (of 2 to 12 kB) N times, each in one of twelve ways, and compares on those.
A disagreement is a file that another reader reads and symphony refuses, or whose numbers of notes differ by more than 1 %.
mido counts note ons; pretty_midi and symusic only notes that have an end.
"""
import argparse
import collections
import json
import pathlib
import random
import struct
import subprocess
import tempfile
import warnings

import mido
import pretty_midi
import symusic

warnings.simplefilter("ignore")


def count_mido(path, clip=False):
    tracks = mido.MidiFile(path, clip=clip).tracks
    return sum(1 for track in tracks for event in track if event.type == "note_on" and event.velocity > 0)


READERS = {
    "mido": count_mido,
    "mido clip": lambda path: count_mido(path, clip=True),
    "pretty_midi": lambda path: sum(len(part.notes) for part in pretty_midi.PrettyMIDI(path).instruments),
    "symusic": lambda path: sum(len(track.notes) for track in symusic.Score(path).tracks),
}


def count(reader, path):
    try:
        return READERS[reader](path)
    except Exception:  # whatever it throws, it did not read the file
        return None


def change_length(data, rng):
    places, at = [], 0
    while (at := data.find(b"MTrk", at)) >= 0:
        places.append(at + 4)
        at += 4
    at = rng.choice(places)
    length = struct.unpack(">I", data[at:at + 4])[0]
    step = rng.choice([1, -1, 2, -2, 10, -10, 100, -100, -length, 1 << 20, 0x7FFFFFFF])
    data[at:at + 4] = struct.pack(">I", max(0, min(0xFFFFFFFF, length + step)))


def flip(data, rng, times):
    for _ in range(times):
        data[rng.randrange(14, len(data))] ^= 1 << rng.randrange(8)


def set_high_bits(data, rng):
    for _ in range(3):
        data[rng.randrange(22, len(data))] |= 0x80


def insert(data, rng, what):
    at = rng.randrange(22, len(data))
    data[at:at] = what


def overwrite(data, at, rng):
    data[at] = rng.randrange(256)


def delete(data, at, size=1):
    del data[at:at + size]


DAMAGE = {
    "length": change_length,
    "header": lambda data, rng: overwrite(data, rng.randrange(4, 14), rng),
    "magic": lambda data, rng: overwrite(data, rng.randrange(0, 4), rng),
    "cut": lambda data, rng: delete(data, rng.randrange(20, len(data)), len(data)),
    "bit": lambda data, rng: flip(data, rng, 1),
    "8 bits": lambda data, rng: flip(data, rng, 8),
    "byte": lambda data, rng: overwrite(data, rng.randrange(14, len(data)), rng),
    "lost": lambda data, rng: delete(data, rng.randrange(14, len(data))),
    "added": lambda data, rng: insert(data, rng, rng.randbytes(1)),
    "text": lambda data, rng: insert(data, rng, b"hello \xff\x82 text"),
    "high bits": set_high_bits,
    "trailing": lambda data, rng: data.extend(rng.randbytes(rng.randrange(1, 300))),
}


def make_mutants(folder, out, number):
    files = [path for path in sorted(folder.rglob("*.mid")) if 2000 < path.stat().st_size < 12000]
    rng = random.Random(5)
    for index in range(number):
        kind = list(DAMAGE)[index % len(DAMAGE)]
        data = bytearray(rng.choice(files).read_bytes())
        DAMAGE[kind](data, rng)
        (out / f"{index:05}-{kind.replace(' ', '-')}.mid").write_bytes(data)


def compare(symphony, folder, show):
    command = [symphony, "check", str(folder), "--json", "--progress", "none"]
    report = json.loads(subprocess.run(command, capture_output=True).stdout)
    totals = collections.defaultdict(collections.Counter)
    for file in report["files"]:
        ours = None if file["grade"] == "refused" else file["notes"]
        totals["symphony"].update(read=ours is not None, notes=bool(ours))
        disagreements = {}
        for reader in READERS:
            theirs = count(reader, file["path"])
            agrees = theirs is not None and ours is not None and abs(ours - theirs) <= 0.01 * max(ours, theirs)
            totals[reader].update(read=theirs is not None, notes=bool(theirs), agrees=agrees,
                                  fewer=theirs is not None and not agrees and theirs < (ours or 0),
                                  more=theirs is not None and not agrees and theirs > (ours or 0),
                                  refused=theirs is not None and ours is None)
            if theirs is not None and not agrees:
                disagreements[reader] = theirs
        if disagreements and show > 0:
            show -= 1
            codes = sorted({diagnostic["code"] for diagnostic in file["diagnostics"]})
            print(file["path"], "symphony", ours, disagreements, *codes)
    print(f"{len(report['files'])} files; milliseconds to read one: median {quantile(report, 0.5):.2f}, 99th percentile {quantile(report, 0.99):.2f}")
    print("| reader | read | with notes | agrees | it has fewer | it has more | symphony refuses |\n|---|---|---|---|---|---|---|")
    for reader, numbers in totals.items():
        columns = ["read", "notes"] + ([] if reader == "symphony" else ["agrees", "fewer", "more", "refused"])
        print(f"| {reader} | " + " | ".join(str(numbers[column]) for column in columns) + " |")


def quantile(report, share):
    times = sorted(file["milliseconds"] for file in report["files"])
    return times[min(len(times) - 1, int(share * len(times)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("symphony")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--mutants", type=int, default=0)
    parser.add_argument("--show", type=int, default=20, help="disagreements to list")
    options = parser.parse_args()
    if not options.mutants:
        return compare(options.symphony, options.folder, options.show)
    with tempfile.TemporaryDirectory() as out:
        make_mutants(options.folder, pathlib.Path(out), options.mutants)
        compare(options.symphony, out, options.show)


if __name__ == "__main__":
    main()
