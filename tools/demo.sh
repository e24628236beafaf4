#!/bin/sh
# Starts the demo site: tools/demo.sh [port]. See demo/__main__.py for the steps.
set -eu
cd "$(dirname "$0")/.."
venv=$(tools/environment.sh demo) || exit $?
exec "$venv/bin/python" -m demo --port "${1:-8000}"
