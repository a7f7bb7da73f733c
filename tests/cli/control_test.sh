#!/usr/bin/env bash
# Control over what is composed, as a user meets it: rules, fills, accompaniments, variations, proofs and the tree of takes.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)
plain=(--no-wav --no-musicxml "${quiet[@]}")

python3 "$here/make_music.py" good 44
expect 0 -- prepare good -o data --given "${quiet[@]}"
expect 0 -- train data --model ngram --order 4 -o run "${quiet[@]}"

# Rules hold, are proved, and are read back from the take itself.
expect 0 "take-2.mid" -- generate run --bars 4 --takes 2 --scale "A minor pentatonic" --polyphony all=1 -o ruled "${plain[@]}"
expect 0 "every rule is kept" -- verify ruled/take-1.mid
expect 1 "bar 1" "scale Eb major" -- verify ruled/take-1.mid --scale "Eb major"
expect_json verify ruled/take-2.mid --json
printf 'scale = "C major"\nrange = ["all=40..90"]\n' >rules.toml
expect 0 "take-1.mid" -- generate run --bars 3 --rules rules.toml -o from-file "${plain[@]}"
expect 0 "every rule is kept" -- verify from-file/take-1.mid --rules rules.toml
expect 2 "not a scale" "modes:" -- generate run --scale "C bebop" -o never "${plain[@]}"
expect 2 "not a part" -- generate run --range tuba=1..2 -o never "${plain[@]}"
expect 2 "no record" "hint:" -- verify good/piece-001.mid

# A length in seconds: exact, proved on the file, and the same again from the file.
expect 0 "12 s" -- generate run --seconds 12 --tempo 90 -o timed "${plain[@]}"
expect 0 "every rule is kept" -- verify timed/take-1.mid
expect 0 "every rule is kept" -- verify timed/take-1.mid --seconds 12
expect 1 "it lasts 12.00" -- verify timed/take-1.mid --seconds 13
expect 0 -- reproduce timed/take-1.mid --model run -o timed-again "${quiet[@]}"
cmp timed/take-1.mid timed-again/take-1.mid || fail "a take of so many seconds was not made again"
expect 2 "without --max-copy" -- generate run --bars 2 --data nowhere -o never "${plain[@]}"
expect 2 "does not go with --bars" -- generate run --seconds 12 --bars 4 -o never "${plain[@]}"

# A gap: nothing else changes; the same take again from its file alone.
expect 0 "take-2.mid" -- fill good/piece-001.mid --model run --bars 2-3 --takes 2 -o fills "${plain[@]}"
expect 0 "every rule is kept" -- verify fills/take-1.mid
expect 0 -- reproduce fills/take-2.mid --model run -o again "${quiet[@]}"
cmp fills/take-2.mid again/take-2.mid || fail "a fill was not made again"
expect 2 "neither" -- fill good/piece-001.mid --model run -o never "${plain[@]}"
expect 2 "the piece has" -- fill good/piece-001.mid --model run --bars 3-400 -o never "${plain[@]}"
expect 0 "take-1.mid" -- fill good/piece-001.mid --model run --parts bass --scale "C chromatic" -o bass "${plain[@]}"

expect 0 "take-1.mid" -- vary good/piece-002.mid --model run --distance 0.3 -o varied "${plain[@]}"
expect 0 -- reproduce varied/take-1.mid --model run -o varied-again "${quiet[@]}"
cmp varied/take-1.mid varied-again/take-1.mid || fail "a variation was not made again"

# What is composed between given music copies nothing for longer than allowed; proved on the file.
expect 0 "take-2.mid" -- fill good/piece-001.mid --model run --bars 2-4 --takes 2 --max-copy 2 --data data -o new-fills "${plain[@]}"
expect 0 -- reproduce new-fills/take-2.mid --model run --data data -o new-again "${quiet[@]}"
cmp new-fills/take-2.mid new-again/take-2.mid || fail "a fill under --max-copy was not made again"
expect 0 -- copying data --index run/model/fingerprints.bin "${quiet[@]}"
expect 0 "take-1.mid" -- vary good/piece-002.mid --model run --distance 0.3 --max-copy 2 -o new-varied "${plain[@]}"
expect 0 -- reproduce new-varied/take-1.mid --model run -o new-varied-again "${quiet[@]}"
cmp new-varied/take-1.mid new-varied-again/take-1.mid || fail "a variation under --max-copy was not made again"

expect 3 "all 4 players" -- accompany good/piece-003.mid --model run -o never "${plain[@]}"
printf 'X:1\nT:tune\nM:4/4\nL:1/4\nK:C\nV:1 name="Soprano"\n%%%%MIDI program 52\nGABc|dcBA|GFED|C4|]\n' >tune.abc
expect 0 -- convert tune.abc -o tune.mid "${quiet[@]}"
expect 0 "take-2.mid" -- accompany tune.mid --model run --with Alto Bass --takes 2 -o accompanied "${plain[@]}"
expect 0 "every rule is kept" -- verify accompanied/take-2.mid
expect 0 -- reproduce accompanied/take-2.mid --model run -o accompanied-again "${quiet[@]}"
cmp accompanied/take-2.mid accompanied-again/take-2.mid || fail "an accompaniment was not made again"
expect 0 "take-1.mid" -- accompany tune.mid --model run --with Alto --max-copy 1 -o new-accompanied "${plain[@]}"
expect 0 "take-1.mid" -- accompany tune.abc --model run --most 1 -o accompanied "${plain[@]}"

expect 0 -- generate run --prime good/piece-001.mid --primer-bars 2 --bars 5 -o primed "${plain[@]}"
expect 0 -- reproduce primed/take-1.mid --model run -o primed-again "${quiet[@]}"
cmp primed/take-1.mid primed-again/take-1.mid || fail "a continuation was not made again"

# Without a model Symphony's own composes.
expect 0 "take-2.mid" "what the model learned" -- generate --bars 2 --takes 2 --scale "D minor" -o from-base "${plain[@]}"
expect 0 "every rule is kept" -- verify from-base/take-2.mid
expect 0 "take-1.mid" -- fill from-base/take-1.mid --bars 2 -o base-fill "${plain[@]}"

# The tree: a fill of a fill hangs under it.
expect 0 -- fill fills/take-1.mid --model run --bars 4 -o deeper "${plain[@]}"
mkdir all && cp fills/take-1.mid all/one.mid && cp deeper/take-1.mid all/two.mid && cp good/piece-001.mid all/source.mid
expect 0 "    all/two.mid" "fill, bars 2-3" -- takes all
expect_json takes all --json

# A model without those tokens says what it lacks.
expect 0 -- prepare good -o plain-data "${quiet[@]}"
expect 0 -- train plain-data --model ngram --order 2 -o plain-run "${quiet[@]}"
expect 2 "cannot be told" "given" -- fill good/piece-001.mid --model plain-run --bars 2 -o never "${plain[@]}"
[ ! -e never ] || [ -z "$(ls never)" ] || fail "a refused run left $(ls never)"

finish
