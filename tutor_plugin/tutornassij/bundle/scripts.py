"""The two scripts of a bundle. Plain sh, and nothing that is not on every server with Docker."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

SAVE = """#!/bin/sh
# On the machine with Internet, after `tutor images build openedx`: writes images.tar.gz, and the sums over everything.
set -eu
cd "$(dirname "$0")"
for image in {images}; do
  docker image inspect "$image" >/dev/null 2>&1 || docker pull "$image"
done
trap 'rm -f images.tar.partial' EXIT
# Not through a pipe: its exit code would be that of gzip, and half an archive would look whole.
docker save --output images.tar.partial {images}
gzip -1 < images.tar.partial > images.tar.gz
find . -type f ! -name SHA256SUMS ! -name '*.partial' -exec sha256sum {{}} + | sort -k 2 > SHA256SUMS
echo "Carry this whole folder to the other machine, and run there: sh load.sh"
"""

LOAD = """#!/bin/sh
# On the machine without Internet: checks every file, loads the images, installs Tutor and its plugins into ./venv (or VENV=…).
set -eu
cd "$(dirname "$0")"
[ -f images.tar.gz ] || {{ echo "images.tar.gz is missing: run save.sh first, on the machine with Internet." >&2; exit 1; }}
sha256sum --check --strict --quiet SHA256SUMS || {{ echo "The bundle is damaged: copy it again." >&2; exit 1; }}
grep -q ' ./images.tar.gz$' SHA256SUMS || {{ echo "images.tar.gz is not in SHA256SUMS: run save.sh again." >&2; exit 1; }}
venv=${{VENV:-$PWD/venv}}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --no-index --find-links wheels {packages}
gunzip -c images.tar.gz > images.tar.partial
trap 'rm -f images.tar.partial' EXIT
docker load --input images.tar.partial
echo "Next: $venv/bin/tutor plugins enable {plugins} && $venv/bin/tutor local launch --skip-build"
"""


def save(images: Sequence[str]) -> str:
    return SAVE.format(images=" ".join(map(quote, images)))


def load(packages: Sequence[str], plugins: Sequence[str]) -> str:
    return LOAD.format(packages=" ".join(map(quote, packages)), plugins=" ".join(map(quote, plugins)))
