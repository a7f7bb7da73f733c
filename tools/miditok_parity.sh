#!/usr/bin/env bash
# tools/miditok_parity.sh [--subwords] BUILT/miditok_ids [options of miditok_parity.py, or of subword_parity.py]
# Compares our ids with MidiTok's in the environment that scripts/parity-venv.sh made; 77 (skipped) without it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${SYMPHONY_PARITY_VENV:-$here/../build/parity-venv}/bin/python
[ -x "$python" ] || { echo "no MidiTok to compare with: run scripts/parity-venv.sh"; exit 77; }
[ -n "${SYMPHONY_SHARED:-}" ] || { echo "SYMPHONY_SHARED names no folder of shared data"; exit 77; }
script=miditok_parity.py
[ "${1:-}" != --subwords ] || { script=subword_parity.py; shift; }
exec "$python" "$here/$script" "$@"
