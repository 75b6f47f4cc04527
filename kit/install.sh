#!/bin/sh
# ネットワークのない端末に突合キットを入れる / Installs the matching kit without any network:
#   ./install.sh [FOLDER]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-todoke-kit}
python=${PYTHON:-python3.11}
(cd "$here" && sha256sum --quiet --check SHA256SUMS)
"$python" -m venv "$folder"
pip() { "$folder/bin/python" -m pip --disable-pip-version-check "$@"; }
pip install --quiet --no-index --find-links "$here" --require-hashes --requirement "$here/requirements.txt"
# Its wheel also asks for what a server needs, and the kit does not.
pip install --quiet --no-index --no-deps "$here"/todoke-*.whl
"$folder/bin/todoke" match --help > /dev/null
echo "$folder/bin/todoke"
