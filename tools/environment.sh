#!/bin/sh
# Makes, or finds up to date, the virtual environment of one Python and prints its folder.
#   tools/environment.sh demo|dev|tutor [3.11|3.12]
# `demo` and `dev` are the suite's, one for each line of the platform; `tutor` is the Tutor plugin's, away from the suite's pins.
# Without a version: the newest supported Python on this machine. Everything but the folder's name goes to standard error.
# Exit codes: 0 ready, 2 something on this machine is missing (one line says what to do).
set -eu
cd "$(dirname "$0")/.."

kind=${1:-demo}
wanted=${2:-}

say() { printf '%s\n' "$*" >&2; }
fail() { say "nassij: $*"; exit 2; }
as_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

find_python() { # the first interpreter of one of the versions given, by every name it may have
  for version in "$@"; do
    for name in "python$version" "$HOME/.pyenv/versions/$version".*/bin/python3 python3 /usr/bin/python3; do
      path=$(command -v "$name" 2>/dev/null) || continue
      "$path" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null && { printf '%s\n' "$path"; return 0; }
    done
  done
  return 1
}

# shellcheck disable=SC2086
python=$(find_python ${wanted:-3.12 3.11}) || {
  if [ -z "$wanted" ] && as_root; then
    say "No Python 3.11 or 3.12 found: installing Debian's …"
    apt-get update -qq >&2 && apt-get install -y -qq python3 python3-venv >&2 || fail "Debian's Python could not be installed; look at the lines above."
    python=$(find_python 3.12 3.11) || fail "Debian's python3 is not 3.11 or 3.12; install one of them and try again."
  else
    fail "Python ${wanted:-3.11 or 3.12} was not found. Install it (Debian 12: apt install python3 python3-venv) and try again."
  fi
}
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
project=.
case $kind-$version in
  tutor-*) line=tutor project=tutor_plugin ;;
  *-3.11) line=teak ;;
  *) line=verawood ;;
esac
venv=$PWD/.venv/$line
lock=requirements/$line.txt

"$python" -c 'import venv, ensurepip' 2>/dev/null || {
  as_root || fail "this Python cannot make virtual environments. Install python${version}-venv (apt install python3-venv) and try again."
  say "Installing Debian's python3-venv …"
  apt-get update -qq >&2 && apt-get install -y -qq "python$version-venv" >&2 || fail "python$version-venv could not be installed; look at the lines above."
}

fingerprint=$(cat "$lock" requirements/base.in "requirements/$kind.in" "$project/setup.py" "$project/pyproject.toml" | sha256sum | cut -c1-16)
catalogs=$(find nassij xblocks governance_assessment funding_guide course_content demo tutor_plugin -name '*.po' -exec sha256sum {} + 2>/dev/null | sha256sum | cut -c1-16)
stamp=$venv/.nassij-$kind
if [ "$(cat "$stamp" 2>/dev/null)" != "$fingerprint $catalogs $PWD" ]; then
  say "Preparing Python $version ($line) in .venv/$line …"
  [ -x "$venv/bin/python" ] || { rm -rf "$venv" && "$python" -m venv "$venv"; } || fail "the environment $venv could not be made."
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check uv >&2 || fail "the package index cannot be reached; check the network and try again."
  # The certificates of this machine, not uv's own: many networks (ministries, companies) put theirs in between.
  export UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1
  uv="$venv/bin/uv pip install --python $venv/bin/python --quiet"
  say "Installing what the lock $lock names …"
  $uv -r "requirements/$kind.in" -c "$lock" >&2 || fail "the packages of $lock could not be installed; look at the lines above."
  $uv --no-deps --editable "$project" >&2 || fail "the suite itself could not be installed; look at the lines above."
  printf '%s %s %s\n' "$fingerprint" "$catalogs" "$PWD" > "$stamp"
fi
printf '%s\n' "$venv"
