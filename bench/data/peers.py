"""How long other programs take with music files, for `symphony bench data --peers` (which runs it; see bench/data_peers.h).

    peers.py TASK PEER TOKENIZER.json SECONDS < list of files, one a line

TASK: read, statistics, or the MidiTok scheme to tokenise with (TSD, REMI). Files are taken in the given order until
SECONDS have passed; those that were done without a fault are then passed over again, timed, up to three times or until
SECONDS have passed again. Prints one JSON object: version, done (numbers of the files), failed (how many could not be
done), seconds (median of the timed passes), passes, counted (notes, ids or figures that came out); of statistics also
metrics (of each file done its figures, null for NaN).
"""
import importlib.metadata
import json
import math
import statistics
import sys
import time
import warnings

warnings.filterwarnings("ignore")

PASSES = 3
BEATS_IN_BAR = 4  # MusPy's metrics of bars want one length for all


def note_count_of_tracks(music):
    return sum(len(track.notes) for track in music.tracks)


def symusic_read():
    import symusic
    return symusic.Score, note_count_of_tracks


def pretty_midi_read():
    import pretty_midi
    return pretty_midi.PrettyMIDI, lambda music: sum(len(i.notes) for i in music.instruments)


def muspy_read():
    import muspy
    return muspy.read_midi, note_count_of_tracks


def music21_read():
    import music21
    # forceSource: without it music21 reads its own pickled copy from the second time on.
    return (lambda path: music21.converter.parse(path, forceSource=True, storePickle=False),
            lambda score: sum(len(n.pitches) for n in score.flatten().notes))


def miditok_tokenise(scheme, tokenizer_file):
    import miditok
    tokenizer = getattr(miditok, scheme)(params=tokenizer_file)

    def encode(path):
        ids = tokenizer.encode(path)
        return ids if isinstance(ids, list) else [ids]

    return encode, lambda streams: sum(len(stream.ids) for stream in streams)


def muspy_statistics():
    import muspy

    def all_metrics(music):
        bar = BEATS_IN_BAR * music.resolution
        return [muspy.pitch_range(music), muspy.n_pitches_used(music), muspy.n_pitch_classes_used(music),
                muspy.polyphony(music), muspy.polyphony_rate(music), muspy.pitch_in_scale_rate(music, 0, "major"),
                muspy.scale_consistency(music), muspy.pitch_entropy(music), muspy.pitch_class_entropy(music),
                muspy.empty_beat_rate(music), muspy.empty_measure_rate(music, bar), muspy.groove_consistency(music, bar),
                muspy.drum_in_pattern_rate(music, "duple"), muspy.drum_pattern_consistency(music)]

    return all_metrics, len


def timed_pass(work, items, stop_at):
    """Seconds of the pass, how many items it got to, and the numbers of those that failed."""
    failed = []
    begun = time.perf_counter()
    for number, item in enumerate(items):
        if time.perf_counter() > stop_at:
            return time.perf_counter() - begun, number, failed
        try:
            work(item)
        except Exception:  # whatever it throws, it could not do this file
            failed.append(number)
    return time.perf_counter() - begun, len(items), failed


def prepared_items(task, files, budget):
    """What the task works on and the files' numbers: paths, or for statistics the music that was read from them."""
    if task != "statistics":
        return files, list(range(len(files)))
    import muspy
    items, numbers, stop_at = [], [], time.perf_counter() + budget
    for number, path in enumerate(files):
        if time.perf_counter() > stop_at:
            break
        try:
            items.append(muspy.read_midi(path))
            numbers.append(number)
        except Exception:  # not read: not done
            pass
    return items, numbers


def work_of(task, peer, tokenizer_file):
    if task == "read":
        return {"symusic": symusic_read, "pretty_midi": pretty_midi_read, "muspy": muspy_read,
                "music21": music21_read}[peer]()
    if task == "statistics":
        return muspy_statistics()
    return miditok_tokenise(task, tokenizer_file)


def main():
    task, peer, tokenizer_file, budget = *sys.argv[1:4], float(sys.argv[4])
    files = sys.stdin.read().splitlines()
    work, count = work_of(task, peer, tokenizer_file)
    items, numbers = prepared_items(task, files, budget)
    _, reached, failed = timed_pass(work, items, time.perf_counter() + budget)
    done = [i for i in range(reached) if i not in set(failed)]
    if not done:
        raise SystemExit(f"{peer} could do none of the {reached} files that it got to")
    seconds, stop_at = [], time.perf_counter() + budget
    while not seconds or (len(seconds) < PASSES and time.perf_counter() < stop_at):
        seconds.append(timed_pass(work, [items[i] for i in done], float("inf"))[0])
    outcomes = [work(items[i]) for i in done]
    result = {"version": importlib.metadata.version(peer), "done": [numbers[i] for i in done],
              "failed": len(failed), "seconds": statistics.median(seconds), "passes": len(seconds),
              "counted": sum(count(outcome) for outcome in outcomes)}
    if task == "statistics":
        result["metrics"] = [[None if math.isnan(value) else float(value) for value in outcome] for outcome in outcomes]
    print(json.dumps(result))


main()
