#!/usr/bin/env bash
# scripts/transformers-venv.sh [FOLDER]: Hugging Face's transformers and peft on PyTorch, pinned, in a Python environment
# (build/transformers-venv), so that `symphony bench generate --peers` can compose beside it and adapters are tested beside peft's. What PyTorch brings: see
# scripts/torch-venv.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/build/transformers-venv}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --require-hashes -r "$here/scripts/torch-requirements.txt" -r "$here/scripts/transformers-requirements.txt"
"$folder/bin/python" -c 'import transformers; print(f"transformers {transformers.__version__} is ready")'
