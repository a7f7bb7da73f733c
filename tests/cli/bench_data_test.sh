#!/usr/bin/env bash
# bench data, as a user meets it: what is measured, and what is said when it cannot be.
set -euo pipefail
source "$(dirname "$0")/expect.sh"
here=$(cd "$(dirname "$0")" && pwd)
cd "$scratch"
quiet=(--progress none)

python3 "$here/make_music.py" good 12
expect 0 "read " "tokenise TSD" "MusPy's metrics" "all statistics" "every second file" -- bench data --music good "${quiet[@]}"
expect_json bench data --music good --json "${quiet[@]}"
expect 2 "no music to measure on" "--music DIR" -- bench data "${quiet[@]}"
expect 3 "not installed" "peers-venv.sh" -- bench data --music good --peers --peers-venv nowhere "${quiet[@]}"
mkdir empty
expect 3 "no MIDI file" -- bench data --music empty "${quiet[@]}"
expect 3 "PyTorch is not installed" "torch-venv.sh" -- bench train --peers --torch-venv nowhere
finish
