#!/usr/bin/env bash
# scripts/torch-venv.sh [FOLDER]: PyTorch and NumPy, pinned, in a Python environment (build/torch-venv), so that `symphony
# bench train --peers` can train beside them. PyPI's PyTorch brings CUDA's libraries whether there is a GPU or not: a download
# of 3 GB, 7 GB on disk. Needs python3-venv (Debian 12's Python 3.11) and a C++ compiler for torch.compile.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/build/torch-venv}
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --require-hashes -r "$here/scripts/torch-requirements.txt"
"$folder/bin/python" -c 'import torch; print(f"PyTorch {torch.__version__} is ready")'
