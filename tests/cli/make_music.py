#!/usr/bin/env python3
"""Writes small four-part MIDI files for the command line tests: make_music.py FOLDER COUNT.

Each piece has its own tune (a seeded walk over a scale) harmonised in thirds, fifths and octaves below, so that no two are
copies of each other and there is something to learn.
"""
import pathlib
import random
import struct
import sys

TICKS = 480
SCALES = {"major": [0, 2, 4, 5, 7, 9, 11], "minor": [0, 2, 3, 5, 7, 8, 10]}


def variable_length(value):
    out = [value & 127]
    while value := value >> 7:
        out.append((value & 127) | 128)
    return bytes(reversed(out))


def track(events):
    """events: (tick, bytes), any order."""
    body, last = b"", 0
    for tick, data in sorted(events, key=lambda e: e[0]):
        body += variable_length(tick - last) + data
        last = tick
    body += b"\x00\xff\x2f\x00"
    return b"MTrk" + struct.pack(">I", len(body)) + body


def meta(kind, data):
    return bytes([0xFF, kind]) + variable_length(len(data)) + data


def piece(seed):
    rng = random.Random(seed)
    minor = seed % 2
    scale = SCALES["minor" if minor else "major"]
    tonic = rng.choice([0, 2, 5, 7, 9])

    def pitch(degree):
        return 60 + tonic + 12 * (degree // 7) + scale[degree % 7]

    degree, at, voices = rng.randrange(7), 0, [[], [], [], []]
    for bar in range(6 + seed % 3):
        for length in rng.choice([(1, 1, 1, 1), (2, 1, 1), (1, 1, 2), (2, 2)]):
            degree = max(-2, min(9, degree + rng.choice([-2, -1, -1, 0, 1, 1, 2])))
            for voice, below in enumerate((0, 2, 4, 14)):
                voices[voice].append((at, length * TICKS, pitch(degree - below)))
            at += length * TICKS
    sharps = {0: 0, 2: 2, 5: -1, 7: 1, 9: 3}[tonic] - (3 if minor else 0)
    head = [(0, meta(0x51, struct.pack(">I", 600000)[1:])), (0, meta(0x58, bytes([4, 2, 24, 8]))),
            (0, meta(0x59, struct.pack("bb", sharps, minor)))]
    tracks = [track(head)]
    for channel, name in enumerate((b"Soprano", b"Alto", b"Tenor", b"Bass")):
        events = [(0, meta(0x03, name)), (0, bytes([0xC0 | channel, 52]))]
        for onset, length, note in voices[channel]:
            events.append((onset, bytes([0x90 | channel, note, 80])))
            events.append((onset + length - 1, bytes([0x80 | channel, note, 0])))
        tracks.append(track(events))
    return b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), TICKS) + b"".join(tracks)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(int(sys.argv[2])):
        (folder / f"piece-{seed:03}.mid").write_bytes(piece(seed))


if __name__ == "__main__":
    main()
