#!/usr/bin/env bash
# bench quality, as a user meets it without the published sets, and with sets that are not they.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
cd "$scratch"

expect 3 "JSB_Chorales.json" "--sets DIR" -- bench quality --sets nowhere
expect 2 "option rows: got jsb" "jsb-lstm" -- bench quality --rows jsb --sets nowhere
mkdir -p sets/polymusic sets/jsb-chorales
frames='[[[60, 64], [60]]]' steps='[[[72, 67, 60, 48]]]'
for name in JSB_Chorales Nottingham; do
    echo "{\"train\": $frames, \"valid\": $frames, \"test\": $frames}" >sets/polymusic/$name.json
done
echo "{\"train\": $steps, \"valid\": $steps, \"test\": $steps}" >sets/jsb-chorales/Jsb16thSeparated.json
# Figures of an evaluator on other music are worth nothing: no row is trained.
expect 3 "WRONG" "the evaluator does not reproduce JSB frames" "papers' split" -- bench quality --sets sets -o rows
[ ! -e rows ] || fail "rows were trained although the evaluator's checks do not hold"
echo '{}' >sets/polymusic/Nottingham.json
expect 3 "Nottingham.json" "pieces > frames > pitches" -- bench quality --self-test --sets sets
finish
