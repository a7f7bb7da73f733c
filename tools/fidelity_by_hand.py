#!/usr/bin/env python3
"""Figures of docs/fidelity.md found again without symphony.

    python3 -m venv venv && venv/bin/pip install mido
    venv/bin/python tools/fidelity_by_hand.py piece FILE.mid     # notes, length, grids, pedal of one piece
    venv/bin/python tools/fidelity_by_hand.py pedal FOLDER       # changes of the pedal that share their instant
    scripts/parity-venv.sh
    build/parity-venv/bin/python tools/fidelity_by_hand.py miditok FILE.mid tokenizer.json
                                  # what MidiTok's own tokenizer brings back within a quarter, with and without metres
"""
import bisect
import collections
import pathlib
import sys


def pedal_changes(track):
    """(tick, channel) wherever controller 64 goes from below 64 to 64 or more, or back."""
    changes, is_down, tick = [], {}, 0
    for event in track:
        tick += event.time
        if event.type == "control_change" and event.control == 64:
            down = event.value >= 64
            if is_down.get(event.channel, False) != down:
                changes.append((tick, event.channel))
            is_down[event.channel] = down
    return changes


def piece(path):
    import mido

    file = mido.MidiFile(path, clip=True)
    notes, velocities, pedal = [], set(), 0
    for track in file.tracks:
        tick = 0
        pedal += len(pedal_changes(track))
        for event in track:
            tick += event.time
            if event.type == "note_on" and event.velocity > 0:
                notes.append((tick, event.note))
                velocities.add(event.velocity)
    print(f"{len(notes)} notes, {file.length:.2f} s, {len(velocities)} velocities, {pedal} changes of the pedal")
    for steps in (12, 24):
        on = sum(tick * steps % file.ticks_per_beat == 0 for tick, _ in notes)
        print(f"on a grid of {steps}: {on}, {100 * on / len(notes):.2f} %")
    print(f"{len(set(notes))} different pairs of onset and pitch")


def pedal(folder):
    import mido

    changes = together = 0
    for path in sorted(pathlib.Path(folder).rglob("*.mid")):
        for track in mido.MidiFile(path, clip=True).tracks:
            instants = collections.Counter(pedal_changes(track))
            changes += sum(instants.values())
            together += sum(times for times in instants.values() if times > 1)
    print(f"{together} of {changes} changes of the pedal share their instant with another of their channel")


def notes_by_pitch(score):
    """Onsets in quarters by (is drum, pitch), sorted."""
    found = collections.defaultdict(list)
    for track in score.tracks:
        for note in track.notes:
            found[track.is_drum, note.pitch].append(note.time / score.ticks_per_quarter)
    return {key: sorted(onsets) for key, onsets in found.items()}


def brought_back(before, after):
    """How many notes have one of their pitch within a quarter, each taken once, the nearest first."""
    kept = 0
    there = notes_by_pitch(after)
    for key, onsets in notes_by_pitch(before).items():
        others = there.get(key, [])
        pairs = []
        for i, onset in enumerate(onsets):
            for j in range(bisect.bisect_left(others, onset - 1), bisect.bisect_right(others, onset + 1)):
                pairs.append((abs(onset - others[j]), i, j))
        taken, given = set(), set()
        for _, i, j in sorted(pairs):
            if i not in taken and j not in given:
                taken.add(i)
                given.add(j)
        kept += len(taken)
    return kept


def miditok(path, tokenizer_file):
    import json

    import miditok as library
    import symusic

    name = json.loads(pathlib.Path(tokenizer_file).read_text())["tokenization"]
    tokenizer = getattr(library, name)(params=tokenizer_file)
    for what in ("as it is", "without its metres"):
        score = symusic.Score(path)
        if what != "as it is":
            score.time_signatures = symusic.core.TimeSignatureTickList()
        count = sum(len(track.notes) for track in score.tracks)
        kept = brought_back(score, tokenizer.decode(tokenizer.encode(score)))
        print(f"{what}: {kept} of {count} notes come back, {100 * kept / count:.1f} %")


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("piece", "pedal", "miditok"):
        sys.exit(__doc__)
    globals()[sys.argv[1]](*sys.argv[2:])
