"""Writes tests/tokens/goldens/miditok/: small MIDI files made by hand here, and the ids that MidiTok gives for them.

    build/parity-venv/bin/python tools/make_miditok_goldens.py

One JSON file per scheme: [{"name", "tokenizer": what differs from MidiTok's defaults, "file", "ids"}]. Sub-words:
bpe.json holds sequences, the merges that Hugging Face tokenizers learns from them, and what it then encodes;
unigram.json the pieces with their scores, and the texts of the pieces that each stream of each file becomes (ids of equal
scores are left to chance), its first case the whole tokenizer.json and the ids by it too; unigram_words.json words and the
pieces learned from them.
"""
import json
import pathlib
import random
import struct
import tempfile
import warnings

warnings.filterwarnings("ignore")
import miditok  # noqa: E402
import symusic  # noqa: E402
import tokenizers  # noqa: E402

import miditok_parity as parity  # noqa: E402

# Needed, or not saved as MidiTok would take it by default.
KEPT = ("additional_params", "one_token_stream_for_programs")
HERE = pathlib.Path(__file__).resolve().parent.parent / "tests/tokens/goldens/miditok"


def vlq(number):
    out = [number & 127]
    while number := number >> 7:
        out.append(128 | number & 127)
    return bytes(reversed(out))


def track(events):
    """events: (tick, message), in any order; equal ticks stay in order."""
    data, last = b"", 0
    for tick, message in sorted(events, key=lambda e: e[0]):
        data += vlq(tick - last) + bytes(message)
        last = tick
    data += b"\x00\xff\x2f\x00"
    return b"MTrk" + struct.pack(">I", len(data)) + data


def notes(channel, items):
    events = []
    for onset, length, pitch, velocity in sorted(items, key=lambda n: (n[0], n[1], n[2])):
        events.append((onset, (0x90 | channel, pitch, velocity)))
        events.append((onset + length, (0x80 | channel, pitch, 0)))
    return sorted(events, key=lambda e: (e[0], e[1][0]))  # offs before ons


def meter(tick, numerator, power):
    return tick, (0xFF, 0x58, 4, numerator, power, 24, 8)


def tempo(tick, bpm):
    return tick, (0xFF, 0x51, 3, *round(60e6 / bpm).to_bytes(3, "big"))


def midi(division, *tracks):
    return b"MThd" + struct.pack(">IHHH", 6, 1, len(tracks), division) + b"".join(tracks)


def piano():
    """Three bars of 3/4 with triads, triplets, a pedal, a long note and a change of tempo; 480 ticks."""
    q = 480
    chords = [(0, 2 * q, p, 64 + i) for i, p in enumerate((60, 64, 67))] + [(2 * q, q, p, 80) for p in (59, 62, 65, 67)]
    triplets = [(3 * q + i * 160, 150, 72 + 2 * i, 90) for i in range(3)]
    late = [(4 * q + 7, 5 * q, 48, 45), (6 * q, 20, 108, 127), (6 * q, 20, 20, 1), (9 * q, 14 * q, 36, 100)]
    pedal = [(0, (0xB0, 64, 127)), (2 * q - 10, (0xB0, 64, 0)), (3 * q, (0xB0, 64, 100)), (7 * q + 33, (0xB0, 64, 10))]
    return midi(q, track([meter(0, 3, 2), tempo(0, 96), tempo(6 * q, 71.5)]), track(notes(0, chords + triplets + late) + pedal))


def band():
    """Bass, two guitars of one program, drums and a bend in 4/4; 96 ticks; the guitars cross and double."""
    q = 96
    bass = [(i * q, q - 4, 40 + i % 3, 96) for i in range(8)]
    first = [(i * q // 2, q // 2, 60 + i % 5, 70 + i) for i in range(12)]
    second = [(i * q, q, 62 - i, 50) for i in range(6)] + [(0, q // 2, 60, 71)]
    drums = [(i * q // 2, 6, 42, 60) for i in range(16)] + [(i * q, 6, 36 + 2 * (i % 2), 110) for i in range(8)]
    bend = [(q, (0xE1, 0, 64)), (q + 10, (0xE1, 0, 80)), (2 * q, (0xE1, 0, 64))]
    return midi(q, track([tempo(0, 120), tempo(4 * q, 121)]),
                track([(0, (0xC0, 33))] + notes(0, bass)),
                track([(0, (0xC1, 25))] + notes(1, first) + bend),
                track([(0, (0xC2, 25))] + notes(2, second)),
                track(notes(9, drums)))


def meters():
    """2/4, 6/8, 5/4, back to 4/4, with rests, an empty bar, a program change and times off the grid; 120 ticks."""
    q = 120
    first = [(0, q, 67, 64), (q, q, 69, 64), (2 * q, q // 2, 71, 64), (2 * q + 3 * q // 2, 3 * q // 2, 72, 99)]
    later = [(5 * q, 5 * q, 74, 30), (14 * q + 5, q // 3, 76, 31), (14 * q + 5 + q // 3, q // 3, 77, 33), (30 * q, 2 * q, 79, 64)]
    low = [(0, 2 * q, 43, 50), (5 * q, q // 4, 45, 51), (31 * q, q, 50, 20)]
    return midi(q, track([meter(0, 2, 2), meter(2 * q, 6, 3), meter(5 * q, 5, 2), meter(10 * q, 4, 2), tempo(10 * q, 200)]),
                track([(0, (0xC0, 40)), (14 * q, (0xC0, 45))] + notes(0, first + later)),
                track([(0, (0xC3, 42))] + notes(3, low)))


def loose():
    """What careless programs write: chords from high to low, pitches struck again before they end, a strike without an end
    and an end without a strike, no length at all, programs and pedals between and before the notes, a late marker; 48 ticks."""
    q = 48
    on = lambda channel, pitch, velocity=64: (0x90 | channel, pitch, velocity)
    off = lambda channel, pitch: (0x80 | channel, pitch, 0)
    low = [(0, (0xB3, 64, 127)), (0, (0xE3, 0, 70)), (0, (0xC3, 12)), (0, on(3, 76)), (0, on(3, 72, 70)), (0, (0xC3, 13)),
           (0, on(3, 67)), (q // 2, off(3, 72)), (q, off(3, 67)), (q, off(3, 76)), (q, (0xB3, 64, 0)), (q, on(3, 60, 30)),
           (q + 6, on(3, 60, 90)), (2 * q, off(3, 60)), (2 * q, on(3, 62)), (2 * q, off(3, 62)), (2 * q, on(3, 71)),
           (2 * q, on(3, 55)), (2 * q, on(3, 64)), (3 * q, off(3, 55)), (3 * q, off(3, 64)), (3 * q, off(3, 71)),
           (3 * q, off(3, 60)), (3 * q, off(3, 61)), (4 * q, on(3, 65))]
    drums = [(0, on(9, 42)), (0, on(9, 36, 99)), (6, off(9, 42)), (6, off(9, 36)), (q, on(9, 49)), (q, on(9, 38)),
             (q, on(9, 42, 20)), (q + 6, off(9, 38)), (q + 6, off(9, 42)), (q + 9, off(9, 49)), (9 * q, (0xFF, 6, 1, 65))]
    return midi(q, track([tempo(0, 120), tempo(0, 90)]), track(low + drums))


def compact(tokenizer, folder):
    """tokenizer.json without what is as in MidiTok's defaults."""
    tokenizer.save(folder / "t.json")
    saved = json.loads((folder / "t.json").read_text())
    miditok.TSD(miditok.TokenizerConfig()).save(folder / "d.json")
    default = json.loads((folder / "d.json").read_text())["config"]
    config = {k: v for k, v in saved["config"].items() if default.get(k) != v or k in KEPT}
    return {"tokenization": saved["tokenization"], "config": config}


def write(path, cases):
    path.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")


def schemes(files, folder):
    for scheme in "REMI TSD MIDILike Structured CPWord Octuple MuMIDI MMM PerTok".split():
        cases = []
        for turn, (name, options) in enumerate(parity.option_sets(scheme).items()):
            tokenizer = getattr(miditok, scheme)(miditok.TokenizerConfig(**options))
            given = compact(tokenizer, folder)
            tokenizer = getattr(miditok, scheme)(params=folder / "t.json")
            some = files if name.endswith("everything") else [files[turn % len(files)]]
            for file in some:
                try:
                    ids = parity.ids_of(tokenizer.encode(symusic.Score(file)))
                except Exception:
                    continue  # MidiTok itself cannot (a token that its vocabulary lacks)
                cases.append({"name": name, "tokenizer": given, "file": file.name, "ids": ids})
        write(HERE / f"{scheme.lower()}.json", cases)


def order(file, folder):
    """The same file under each scheme: where tracks stay apart, notes struck together come in the file's order."""
    cases = []
    for scheme in "REMI TSD MIDILike Structured CPWord Octuple MuMIDI MMM PerTok".split():
        sets = parity.option_sets(scheme)
        for name in ("default", "TSD-default", "pedals", "intervals", "track-streams"):
            if name not in sets:
                continue
            tokenizer = getattr(miditok, scheme)(miditok.TokenizerConfig(**sets[name]))
            given = compact(tokenizer, folder)
            ids = parity.ids_of(getattr(miditok, scheme)(params=folder / "t.json").encode(symusic.Score(file)))
            cases.append({"name": f"{scheme} {name}", "tokenizer": given, "file": file.name, "ids": ids})
    write(HERE / "order.json", cases)


# Scheme, options, and the size of the vocabulary with sub-words.
SUBWORD_CASES = (("TSD", dict(use_programs=True), 520), ("REMI", dict(encode_ids_split="beat"), 360),
                 ("MIDILike", dict(encode_ids_split="no"), 480), ("MMM", dict(base_tokenizer="TSD"), 520))


def subwords(files, folder):
    cases = []
    for scheme, options, size in SUBWORD_CASES:
        tokenizer = getattr(miditok, scheme)(miditok.TokenizerConfig(**options))
        given = compact(tokenizer, folder)
        tokenizer.train(vocab_size=size, files_paths=files)
        merges = json.loads(tokenizer._model.to_str())["model"]["merges"]
        ids = [parity.ids_of(tokenizer.encode(symusic.Score(file))) for file in files]
        cases.append({"tokenizer": given, "size": size, "files": [f.name for f in files], "merges": merges, "ids": ids})
    write(HERE / "bpe.json", cases)


def unigram(files, folder):
    cases = []
    for scheme, options, size in SUBWORD_CASES:
        tokenizer = getattr(miditok, scheme)(miditok.TokenizerConfig(**options))
        given = compact(tokenizer, folder)
        tokenizer.train(vocab_size=size, model="Unigram", files_paths=files)
        vocab = json.loads(tokenizer._model.to_str())["model"]["vocab"]
        specials = len(json.loads(tokenizer._model.to_str())["added_tokens"])
        # Symbols that the model has no use for get scores from the lowest on, 0.0001 apart, in an order left to chance.
        lowest = min(score for _, score in vocab)
        steps = lambda score: (score - lowest) / 1e-4
        is_unused = lambda text, score: len(text) == 1 and abs(steps(score) - round(steps(score))) < 1e-6
        used = [piece for piece in vocab[specials:] if not is_unused(*piece)]
        unused = sorted(text for text, score in vocab[specials:] if is_unused(text, score))
        ids = [parity.ids_of(tokenizer.encode(symusic.Score(file))) for file in files]
        texts = [[[vocab[i][0] for i in stream] for stream in streams] for streams in ids]
        case = {"tokenizer": given, "size": size, "files": [f.name for f in files], "pieces": used, "unused": unused, "lowest": lowest,
                "texts": texts}
        if not cases:
            tokenizer.save(folder / "t.json")
            case["saved"] = json.loads((folder / "t.json").read_text())
            case["ids"] = ids
        cases.append(case)
    write(HERE / "unigram.json", cases)


def unigram_words():
    """Words of repeated motifs, so many that the trainer prunes, and the pieces that it keeps of them."""
    draw = random.Random(7)
    motifs = ["".join(chr(draw.randrange(48, 68)) for _ in range(draw.randrange(2, 9))) for _ in range(40)]
    words = ["".join(draw.choice(motifs) for _ in range(draw.randrange(1, 9))) for _ in range(300)]
    words += draw.choices(words, k=100)
    cases = []
    for size in (80, 150):
        tokenizer = tokenizers.Tokenizer(tokenizers.models.Unigram(vocab=[]))
        trainer = tokenizers.trainers.UnigramTrainer(vocab_size=size, show_progress=False)
        tokenizer.train_from_iterator(words, trainer=trainer)
        cases.append({"size": size, "pieces": json.loads(tokenizer.to_str())["model"]["vocab"]})
    write(HERE / "unigram_words.json", [{"words": words, "cases": cases}])


def main():
    HERE.mkdir(parents=True, exist_ok=True)
    files = []
    for make in (piano, band, meters):
        files.append(HERE / f"{make.__name__}.mid")
        files[-1].write_bytes(make())
    loose_file = HERE / "loose.mid"
    loose_file.write_bytes(loose())
    with tempfile.TemporaryDirectory() as folder:
        order(loose_file, pathlib.Path(folder))
        schemes(files, pathlib.Path(folder))
        subwords(files, pathlib.Path(folder))
        unigram(files, pathlib.Path(folder))
    unigram_words()


if __name__ == "__main__":
    main()
