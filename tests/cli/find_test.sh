#!/usr/bin/env bash
# find, as a user meets it: a tune written as ABC is looked for in a folder.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
cd "$scratch"
quiet=(--progress none)
mkdir songs
printf 'X:1\nT:Brother\nM:4/4\nL:1/4\nK:G\nD4|G A B G|G A B G|B c d2|B c d2|\n' > songs/brother.abc
printf 'X:1\nT:Scale\nM:4/4\nL:1/4\nK:C\nc B A G|F E D C|C E G c|G F D C|\n' > songs/scale.abc
printf 'X:1\nT:Motif\nM:4/4\nL:1/8\nK:C\nC D E C|C D E C|E F G2|\n' > motif.abc

expect 0 "100 %  brother.abc  bar 2" "+7 semitones" "0.5 x as fast" "1 of 2 pieces" -- find songs --like motif.abc "${quiet[@]}"
expect 0 "100 %  brother.abc  bar 4" -- find songs --like motif.abc --bars 3 "${quiet[@]}"
expect 0 "100 %  brother.abc  bar 2" "1 more place" -- find songs --notes "c d e c" "${quiet[@]}"
expect 0 "100 %  scale.abc  bar 3" -- find songs --abc "C E G c" --least 0.95 "${quiet[@]}"
expect 0 "0 of 2 pieces" -- find songs --notes "c f# c f# c f#" "${quiet[@]}"
expect_json find songs --like motif.abc --json "${quiet[@]}"
expect 2 "expected one of --like" -- find songs "${quiet[@]}"
expect 2 "expected one of --like" -- find songs --like motif.abc --notes "c d e" "${quiet[@]}"
expect 2 '"h" is no note' -- find songs --notes "c d h" "${quiet[@]}"
expect 2 "2 notes, expected at least 3" -- find songs --notes "c d" "${quiet[@]}"
expect 2 "expected bars from 1 to" -- find songs --like motif.abc --bars 3-90 "${quiet[@]}"
expect 2 "expected bars such as" -- find songs --like motif.abc --bars x "${quiet[@]}"
expect 3 "nothing.mid" -- find songs --like nothing.mid "${quiet[@]}"
expect 3 "no such file or folder" -- find nowhere --notes "c d e c" "${quiet[@]}"
finish
