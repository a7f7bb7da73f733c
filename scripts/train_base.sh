#!/usr/bin/env bash
# Trains the model that Symphony ships, from the open music in SHARED (data/openscore-lieder, data/openscore-quartets,
# data/mutopia-pd, data/jsb-chorales, data/splits), and writes it with its card to WORK/base. Can be stopped; the same command goes on.
# What is to be shipped is then copied to models/base by hand: weights are committed seldom.
#   scripts/train_base.sh SHARED WORK [MINUTES [STEPS]]
# MINUTES of learning at a constant rate (88), then STEPS (300) in which the rate falls to nothing.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: scripts/train_base.sh SHARED WORK [MINUTES [STEPS]]" >&2; exit 2; }
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
data=$(cd "$1/data" && pwd)
minutes=${3:-88}
steps=${4:-300}
mkdir -p "$2"
cd "$2"
symphony=$root/symphony

# The corpora without any Bach.
if [ ! -e music.whole ]; then
    rm -rf music
    mkdir music
    for corpus in openscore-lieder openscore-quartets mutopia-pd; do cp -r "$data/$corpus" music/; done
    rm -rf music/mutopia-pd/*/Bach*
    touch music.whole
fi

# The published valid pieces become valid and test, folder by folder.
cat "$data"/splits/{mutopia-pd,openscore-lieder,openscore-quartets}.tsv | grep -v '/Bach' |
    awk -F'\t' '$1 == "valid" { split($2, a, "/"); key = a[1] "/" a[2] "/" a[3]
                                if (!(key in part)) part[key] = (++count % 2) ? "valid" : "test"
                                $1 = part[key] } { print $1 "\t" $2 }' >split-related.tsv
prepare() { "$symphony" prepare music -o "$1" --given --chords --steps-per-quarter 12 --split-file "$2" --apart-from "$data/jsb-chorales/midi"; }
# Held-out pieces with relatives in training are taken out of both parts.
if [ ! -e data/dataset.json ]; then
    rm -rf related
    prepare related split-related.tsv
    python3 - <<'PY'
import json
pieces = json.load(open("related/dataset.json"))["pieces"]
trained = {p["group"] for p in pieces if p["split"] == "train"}
related = {p["id"] for p in pieces if p["split"] != "train" and p["group"] in trained}
with open("split.tsv", "w") as out:
    out.writelines(line for line in open("split-related.tsv") if line.rstrip("\n").split("\t")[1] not in related)
PY
    prepare data split.tsv
    rm -rf related
fi

common=(--batch-size 4 --dropout 0 --weight-decay 0.05 --learning-rate 0.0008 --patience 0 --given-share 0.5)
"$symphony" train data --model transformer -o base-first --layers 6 --hidden-size 384 --heads 6 --intermediate-size 1024 --sequence-length 1024 \
    "${common[@]}" --min-learning-rate-share 1 --warmup-steps 100 --max-steps 1000000 --max-minutes "$minutes" --evaluate-every 400
"$symphony" tune data --from base-first -o base-last "${common[@]}" --min-learning-rate-share 0.02 --warmup-steps 15 --max-steps "$steps" \
    --evaluate-every "$steps" --seed 2
"$symphony" train data --model ngram --no-transpose --order 8 -o ngram
"$symphony" evaluate base-last ngram --data data --split test --json >test.json
# With its fingerprints.bin, by which copies of what it learned are found.
"$symphony" card base-first base-last --data data --evaluation test.json --about "$root/models/base/ABOUT.md" --title "Symphony's base" -o base
