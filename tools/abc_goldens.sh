#!/usr/bin/env bash
# What abc2midi (Debian package abcmidi) makes of the tunes in tests/io/abc_dialect, stored beside them as MIDI files, with which
# abc_dialect_test compares the ABC reader everywhere. Run it after adding a tune:  tools/abc_goldens.sh
set -euo pipefail
cd "$(dirname "$0")/../tests/io/abc_dialect"
if ! command -v abc2midi >/dev/null; then
    echo "skipped: abc2midi is not installed (apt-get install abcmidi)"
    exit 0
fi
for tune in *.abc; do
    abc2midi "$tune" -o "${tune%.abc}.mid" -quiet
done
