#!/usr/bin/env bash
# symphony convert: every format in and out, and what it says when it cannot.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
cd "$scratch"

printf 'X:1\nT:Tune\nM:4/4\nL:1/8\nQ:1/4=96\nK:G\nG2 AB (3cde d2 | g4 d4 |]\n' > tune.abc
for ending in musicxml mxl mid; do
    expect 0 "9 notes written to tune.$ending" -- convert tune.abc -o "tune.$ending"
    expect 0 "clean, 9 notes" -- check "tune.$ending" --strictness strict
    expect 0 "9 notes" -- convert "tune.$ending" -o "back-$ending.abc"
    expect 0 "9 notes" -- check "back-$ending.abc"
done
cmp back-musicxml.abc back-mxl.abc || fail "a zipped score differs from one that is not"
expect 2 "no file to write" "hint:" -- convert tune.abc
expect 2 "no format" "hint:" -- convert tune.abc -o tune.pdf
expect 3 "a part that is not there" -- convert tune.abc -o no.abc --part 2
expect 3 "nowhere.mid" -- convert nowhere.mid -o no.musicxml
[ ! -e no.abc ] && [ ! -e no.musicxml ] || fail "a refusal left a file"

# What is counted is what the file holds: a key cannot be struck twice at once, and an ABC tune is one part.
printf 'X:1\nM:4/4\nL:1/4\nK:C\nV:1\n[CC] D E F |]\nV:2\nG2 A2 |]\n' > voices.abc
expect 0 "6 of 7 notes written to voices.mid" -- convert voices.abc -o voices.mid
expect 0 "6 notes" -- check voices.mid
expect 0 "2 of 6 notes written to second.abc" -- convert voices.mid -o second.abc --part 2
"$symphony" convert voices.mid -o second.abc --part 2 --json | grep -q '"notes_written": 2' || fail "JSON counts another file's notes"

# The original stays what it is, by whatever path or link the output leads to it.
ln -s tune.abc link.abc
cp tune.abc kept.abc
for output in tune.abc "../$(basename "$PWD")/tune.abc" link.abc; do
    expect 2 "the output is the input" "hint:" -- convert tune.abc -o "$output"
done
cmp tune.abc kept.abc || fail "a refused conversion changed its input"
expect_json convert tune.abc -o tune.musicxml --json
finish
