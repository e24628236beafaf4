#!/bin/sh
# Our figures beside the peers', in one run. Makes .venv/bench with the peers of benchmarks/requirements.txt; Python 3.12 or else 3.11.
#   tools/bench.sh [--samples N] [--json FILE] [--strict]
# Exit codes: 0 measured (goals missed are printed), 1 measuring failed or, with --strict, a goal is missed, 2 something is missing here.
set -eu
cd "$(dirname "$0")/.."

base=$(tools/environment.sh demo)
export UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 # as there: the certificates of this machine
version() { "$1" -c 'import sys; print(sys.version)' 2>/dev/null; }
venv=$PWD/.venv/bench
uv="$base/bin/uv"
if [ "$(version "$venv/bin/python")" != "$(version "$base/bin/python")" ]; then
  printf '%s\n' "Preparing .venv/bench …" >&2
  "$uv" venv --quiet --clear --python "$base/bin/python" "$venv"
fi
VIRTUAL_ENV=$venv "$uv" pip install --quiet -r benchmarks/requirements.txt >&2
VIRTUAL_ENV=$venv "$uv" pip install --quiet --no-deps --editable . >&2
exec "$venv/bin/python" -m benchmarks "$@"
