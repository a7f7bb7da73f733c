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
