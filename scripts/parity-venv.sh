#!/usr/bin/env bash
# scripts/parity-venv.sh [FOLDER]: MidiTok, pinned, in a Python environment (build/parity-venv), so that the tests with
# the label parity can compare with it. Needs python3-venv (Debian 12's Python 3.11).
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/build/parity-venv}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --require-hashes -r "$here/scripts/parity-requirements.txt"
"$folder/bin/python" -c 'import miditok; print("MidiTok", miditok.constants.CURRENT_MIDITOK_VERSION, "is ready")'
