#!/usr/bin/env bash
# The journey from a folder of music to a page, and show, as a user meets them; with the models that need no libtorch.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)

# need FILE TEXT...   FILE is there, not empty, and holds each TEXT.
need() {
    local file=$1 text
    shift
    [ -s "$file" ] || { echo "FAILED: no $file"; failures=$((failures + 1)); return; }
    for text in "$@"; do
        grep -qF -- "$text" "$file" || { echo "FAILED: \"$text\" is not in $file"; failures=$((failures + 1)); }
    done
}

python3 "$here/make_music.py" good 44
journey=(learn good -o out --models ngram rnn --tokens 4096 --takes 1 --bars 4 --excerpts 4 --no-audio --tempo 66)
expect 0 "Bits per note on held-out pieces" "ngram" "rnn" -- "${journey[@]}" "${quiet[@]}"
need out/evaluation.json
need out/ngram/take-1.mid
need out/rnn/take-1.json '"seed"'
need out/models/rnn/run.toml
need out/explore.html '<svg'
# The tempo given once goes with data and model to every take.
need out/data/dataset.json '"default_tempo":66'
# One page, all in it, that needs no network; and slides.
for section in corpus tokens curves comparison generated settings; do need out/report.html "id=\"$section\""; done
need out/report.html "settings tried"
need out/deck.html "<section"
for page in out/report.html out/deck.html out/explore.html; do
    if grep -qE '(src|href)="https?://' "$page"; then echo "FAILED: $page reaches out"; failures=$((failures + 1)); fi
done
# A second time nothing is computed again.
stamp=$(stat -c %y out/models/rnn/model/model.safetensors)
expect 0 "Bits per note" -- "${journey[@]}" "${quiet[@]}"
[ "$stamp" = "$(stat -c %y out/models/rnn/model/model.safetensors)" ] || { echo "FAILED: trained again"; failures=$((failures + 1)); }

# Another seed, other music, other settings: made anew, though the folder holds something else; what is lost is made again.
# journey_says WORDS ARGS...   learns once more; WORDS must be what it says of its second stage.
short=(--models ngram --takes 1 --bars 2 --excerpts 0 --no-audio --progress plain)
journey_says() {
    local words=$1
    shift
    "$symphony" learn good -o short "${short[@]}" "$@" >short.log 2>&1 || fail "learn $*: $(tail -n 4 short.log)"
    grep -qF "[2/6] prepare: tokens and split$words" short.log || fail "learn $*: no '$words': $(cat short.log)"
}
journey_says " (about"
journey_says ": done before"
journey_says " (about" --seed 2
need short/data/dataset.json '"seed":2'
need short/models/ngram/run.toml "seed = 2"
cp good/piece-001.mid good/new.mid
printf '\0\377\1\1x' >>good/new.mid
journey_says " (about" --seed 2
need short/explore.json "new.mid"
journey_says " (about" --seed 2 --scheme note
need short/data/tokenizer.json '"note"'
journey_says ": done before" --seed 2 --scheme note
rm -r short/data
journey_says " (about" --seed 2 --scheme note
rm -r short/models/ngram/model
journey_says ": done before" --seed 2 --scheme note
need short/models/ngram/model/model.safetensors
rm good/new.mid

# A new build that takes the program's place meanwhile is no trouble.
cp "$symphony" ./moving
(
    ./moving learn good -o moved "${short[@]}" >moved.log 2>&1 &
    for _ in $(seq 500); do
        [ -e moved/.stages.json ] && break
        sleep 0.02
    done
    cp ./moving ./fresh && mv -f ./fresh ./moving
    wait $!
) || fail "learn with its program replaced: $(tail -n 4 moved.log)"

expect 0 -- report out -o again.html --no-audio --title "My <music>" "${quiet[@]}"
need again.html "My &lt;music&gt;"
mkdir nothing
expect 3 "hint:" -- report nothing "${quiet[@]}"
expect 3 -- report nowhere "${quiet[@]}"

expect 0 "one.svg" -- show good/piece-001.mid -o one.svg --bars 2 "${quiet[@]}"
need one.svg "<svg"
expect 0 "both.svg" -- show good/piece-001.mid good/piece-002.mid -o both.svg "${quiet[@]}"
need both.svg "<svg"
expect 3 -- show missing.mid "${quiet[@]}"

finish
