#!/usr/bin/env bash
# scripts/peers-venv.sh [FOLDER]: other programs that read and tokenise music, pinned, in a Python environment
# (build/peers-venv), so that `symphony bench data --peers` can measure beside them. Needs python3-venv (Debian 12's Python 3.11).
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/build/peers-venv}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --require-hashes -r "$here/scripts/parity-requirements.txt" -r "$here/scripts/peers-requirements.txt"
"$folder/bin/python" -c 'import miditok, music21, muspy, pretty_midi, symusic; print("the other programs are ready")'
