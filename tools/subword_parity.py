"""Do our sub-words equal those that MidiTok trains? Both models, on real MIDI files.

    tools/miditok_parity.sh --subwords build/release/tools/miditok_ids [--files N] [--data DIR ...] [--size N]

Both sides learn from the same files; the pieces of several tokens and how other files are cut must be the same, and each
side's tokenizer.json must give the same ids in the other. Exit status 1 unless all is the same.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from miditok_parity import ids_of, midi_files, ours

import miditok
import symusic

CASES = [("TSD", dict(use_programs=True)),
         ("REMI", dict(use_programs=True, use_tempos=True, encode_ids_split="beat"))]


def texts_of(path):
    vocab = json.loads(json.loads(path.read_text())["_model"])["model"]["vocab"]
    if isinstance(vocab, list):
        return [text for text, _ in vocab]
    return [text for text, _ in sorted(vocab.items(), key=lambda item: item[1])]


def compare(binary, scheme, options, model, size, train, others):
    make = getattr(miditok, scheme)
    with tempfile.TemporaryDirectory() as folder:
        plain, theirs, mine = (pathlib.Path(folder) / f"{name}.json" for name in ("plain", "theirs", "mine"))
        tokenizer = make(miditok.TokenizerConfig(**options))
        tokenizer.save(plain)
        tokenizer.train(vocab_size=size, model=model, files_paths=train)
        tokenizer.save(theirs)
        learn = [binary, "--learn", str(size)] + (["--unigram"] if model == "Unigram" else [])
        mine.write_text(subprocess.run([*learn, plain, *train], capture_output=True, text=True, check=True).stdout)
        texts = {path: texts_of(path) for path in (theirs, mine)}
        long = {path: {text for text in texts[path] if len(text) > 1} for path in texts}
        pieces = long[theirs] == long[mine]
        read = {path: ours(binary, path, others) for path in texts}
        loaded = {path: make(params=path) for path in texts}
        compared = same_ids = same_cuts = 0
        for i, file in enumerate(others):
            try:
                score = symusic.Score(file)
                ids = {path: ids_of(loaded[path].encode(score)) for path in texts}
            except Exception:
                continue  # MidiTok itself cannot
            compared += 1
            same_ids += all(ids[path] == read[path][i] for path in texts)
            cuts = [[[texts[path][id] for id in stream] for stream in ids[path]] for path in texts]
            same_cuts += cuts[0] == cuts[1]
    print(f"{scheme:5} {model:8} {len(long[theirs])} pieces of several tokens {'the same' if pieces else 'DIFFER'}; of {compared} "
          f"files {same_ids} with the same ids by either file, {same_cuts} cut the same by both models", flush=True)
    return pieces and compared > 0 and same_ids == same_cuts == compared


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--data", action="append")
    args = parser.parse_args()
    shared = pathlib.Path(os.environ.get("SYMPHONY_SHARED", "../shared")) / "data"
    files = midi_files(args.data or [shared / "mutopia-pd"], 2 * args.files, seed=1)
    train, others = files[: len(files) // 2], files[len(files) // 2 :]
    good = [compare(args.binary, scheme, options, model, args.size, train, others)
            for scheme, options in CASES for model in ("BPE", "Unigram")]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
