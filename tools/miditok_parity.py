"""Do our MidiTok schemes give MidiTok's ids? Every scheme under a spread of options, on real MIDI files.

    tools/miditok_parity.sh build/release/tools/miditok_ids [--files N] [--schemes tsd,...] [--data DIR ...] [--show N]

For each scheme and set of options a tokenizer.json is written by MidiTok's own save(), and both sides read it. Files
that MidiTok itself cannot encode under the options are counted apart. Exit status 1 below --least percent of agreement.
"""
import argparse
import contextlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
import miditok  # noqa: E402
import symusic  # noqa: E402

FOLDERS = ["mutopia-pd", "js-fakes", "midi-edge", "polymusic", "jsb-chorales"]
METERS = {8: [3, 12, 6, 9, 2, 4], 4: [5, 6, 3, 2, 1, 4], 2: [2, 3, 4], 16: [3, 6, 9, 12]}
EVERYTHING = dict(use_programs=True, use_tempos=True, use_time_signatures=True, use_chords=True, use_rests=True)

# Options shared by the schemes of one vocabulary.
STREAM = {
    "default": {},
    "one-stream": dict(use_programs=True, use_tempos=True, use_time_signatures=True),
    "meters": dict(use_programs=True, use_time_signatures=True, time_signature_range=METERS,
                   delete_equal_successive_time_sig_changes=True),
    "rests": dict(use_programs=True, use_rests=True, use_tempos=True, use_time_signatures=True,
                  beat_res_rest={(0, 2): 4, (2, 12): 2}),
    "chords": dict(use_programs=True, use_chords=True, chord_tokens_with_root_note=True, chord_unknown=(3, 6)),
    "pedals": dict(use_programs=True, use_sustain_pedals=True, use_pitch_bends=True, use_tempos=True, log_tempos=True),
    "pedal-lengths": dict(use_programs=True, use_sustain_pedals=True, sustain_pedal_duration=True, use_pitch_bends=True,
                          use_time_signatures=True),
    "program-changes": dict(use_programs=True, program_changes=True, use_tempos=True, num_tempos=64,
                            delete_equal_successive_tempo_changes=True),
    "track-streams": dict(use_programs=True, one_token_stream_for_programs=False, program_changes=True,
                          use_time_signatures=True),
    "intervals": dict(use_programs=True, use_pitch_intervals=True, max_pitch_interval=12,
                      pitch_intervals_max_time_dist=2, use_pitchdrum_tokens=False),
    "few": dict(use_velocities=False, use_note_duration_programs=[], pitch_range=(36, 84), num_velocities=8),
    "some-durations": dict(use_programs=True, use_note_duration_programs=list(range(0, 100)), num_velocities=127,
                           beat_res={(0, 1): 12, (1, 2): 6, (2, 8): 2}, remove_duplicated_notes=True),
    "some-programs": dict(use_programs=True, programs=[-1, 0, 6, 19, 40, 41, 42, 48, 52, 70, 73, 24, 32]),
    "everything": dict(**EVERYTHING, use_sustain_pedals=True, use_pitch_bends=True, remove_duplicated_notes=True,
                       delete_equal_successive_tempo_changes=True, time_signature_range=METERS),
}
ROWS = {name: STREAM[name] for name in ("default", "one-stream", "meters", "rests", "chords", "some-programs", "few",
                                        "program-changes", "everything")}
PERTOK = dict(ticks_per_quarter=220, use_microtiming=True, max_microtiming_shift=0.125, num_microtiming_bins=30)


def option_sets(scheme):
    if scheme == "REMI":
        more = {"bar-ends": dict(use_programs=True, use_bar_end_tokens=True, add_trailing_bars=True),
                "controls": dict(ac_polyphony_track=True, ac_polyphony_bar=True, ac_pitch_class_bar=True,
                                 ac_note_density_track=True, ac_note_density_bar=True, ac_note_duration_bar=True,
                                 ac_note_duration_track=True, ac_repetition_track=True)}
        return {**STREAM, **more}
    if scheme in ("TSD", "MIDILike"):
        return STREAM
    if scheme == "Structured":
        return {k: STREAM[k] for k in ("default", "one-stream", "few", "some-durations", "some-programs",
                                       "track-streams")}
    if scheme in ("CPWord", "Octuple", "MuMIDI"):
        rows = dict(ROWS)
        if scheme != "CPWord":
            rows["long"] = dict(use_programs=True, use_tempos=True, max_bar_embedding=400)
        return rows
    if scheme == "MMM":
        sets = {}
        for base in ("TSD", "REMI", "MIDILike"):
            for name in ("default", "one-stream", "rests", "chords", "everything", "some-durations"):
                sets[f"{base}-{name}"] = dict(STREAM[name], base_tokenizer=base)
        return sets
    sets = {}
    for name in ("default", "one-stream", "chords", "pedals", "some-programs", "track-streams"):
        sets[name] = dict(STREAM[name], **PERTOK)
    sets["positions"] = dict(STREAM["one-stream"], **PERTOK, use_position_toks=True)
    sets["no-micro"] = dict(STREAM["one-stream"], **dict(PERTOK, use_microtiming=False, ticks_per_quarter=320))
    return sets


def ids_of(sequences):
    return [s.ids for s in sequences] if isinstance(sequences, list) else [sequences.ids]


def midi_files(folders, count, seed):
    files = []
    for folder in folders:
        here = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix.lower() in (".mid", ".midi"))
        random.Random(seed).shuffle(here)
        files.append(here)
    # Turn by turn, so that small folders are in.
    picked = []
    while len(picked) < count and any(files):
        for here in files:
            if here and len(picked) < count:
                picked.append(here.pop())
    return picked


def ours(binary, tokenizer, files):
    run = subprocess.run([binary, tokenizer, *map(str, files)], capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"{binary}: {run.stderr}")
    return [json.loads(line) for line in run.stdout.splitlines()]


def first_difference(mine, theirs):
    for s, (a, b) in enumerate(zip(mine, theirs)):
        for i, (x, y) in enumerate(zip(a, b)):
            if x != y:
                return s, i
        if len(a) != len(b):
            return s, min(len(a), len(b))
    return len(mine), 0


def names(tokenizer, ids):
    if ids and isinstance(ids[0], list):
        return [[tokenizer[c, i] for c, i in enumerate(row)] for row in ids]
    return [tokenizer[i] for i in ids]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--schemes", default="REMI,TSD,MIDILike,Structured,CPWord,Octuple,MuMIDI,MMM,PerTok")
    parser.add_argument("--options", default="", help="only these sets of options")
    parser.add_argument("--data", action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="first differences shown per set of options")
    parser.add_argument("--least", type=float, default=99.0)
    args = parser.parse_args()
    shared = pathlib.Path(os.environ.get("SYMPHONY_SHARED", "../shared")) / "data"
    files = midi_files(args.data or [shared / f for f in FOLDERS], args.files, args.seed)
    scores = []
    for file in files:
        try:
            scores.append(symusic.Score(file))
        except Exception:
            scores.append(None)
    print(f"{len(files)} files, {sum(s is None for s in scores)} unreadable for symusic; miditok "
          f"{miditok.constants.CURRENT_MIDITOK_VERSION}, symusic {miditok.constants.CURRENT_SYMUSIC_VERSION}")
    worst = 100.0
    for scheme in args.schemes.split(","):
        same_all = compared_all = 0
        for name, options in option_sets(scheme).items():
            if args.options and name not in args.options.split(","):
                continue
            tokenizer = getattr(miditok, scheme)(miditok.TokenizerConfig(**options))
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "tokenizer.json"
                tokenizer.save(path)
                tokenizer = getattr(miditok, scheme)(params=path)
                mine = ours(args.binary, path, files)
            same = compared = theirs_failed = mine_failed = shown = 0
            for file, score, ids in zip(files, scores, mine):
                if score is None:
                    continue
                try:
                    with contextlib.redirect_stderr(None):
                        theirs = ids_of(tokenizer.encode(score))
                except Exception:
                    theirs_failed += 1
                    continue
                compared += 1
                if ids == theirs:
                    same += 1
                    continue
                mine_failed += isinstance(ids, dict)
                if shown < args.show:
                    shown += 1
                    print(f"  {scheme} {name}: {file}")
                    if isinstance(ids, dict):
                        print("    ours:", ids)
                        continue
                    s, i = first_difference(ids, theirs)
                    print(f"    streams {len(ids)}/{len(theirs)}, first at stream {s} token {i}")
                    for label, side in (("ours", ids), ("miditok", theirs)):
                        if s < len(side):
                            print(f"    {label:8}", *names(tokenizer, side[s][max(0, i - 4):i + 8]))
            print(f"{scheme:10} {name:22} {same:4} of {compared:4} files the same"
                  + (f", {theirs_failed} MidiTok could not encode" if theirs_failed else "")
                  + (f", {mine_failed} we could not" if mine_failed else ""), flush=True)
            same_all += same
            compared_all += compared
        if compared_all:
            share = 100 * same_all / compared_all
            worst = min(worst, share)
            print(f"{scheme:10} {'in all':22} {same_all:4} of {compared_all:4}: {share:.2f} %", flush=True)
    return 0 if worst >= args.least else 1


if __name__ == "__main__":
    sys.exit(main())
