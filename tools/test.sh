#!/bin/sh
# Runs the checks and tests.   tools/test.sh all|check [version …]; tools/test.sh tutor: the Tutor plugin's alone
# Without versions: each of Python 3.11 and 3.12 that is on this machine, and at least one.
set -eu
cd "$(dirname "$0")/.."
what=${1:-all}
[ $# -eq 0 ] || shift

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

environments=""
if [ "$what" = tutor ]; then
  :
elif [ $# -gt 0 ]; then
  for version in "$@"; do environments="$environments $(tools/environment.sh dev "$version")"; done
else
  for version in 3.11 3.12; do
    venv=$(tools/environment.sh dev "$version" 2>/dev/null) && environments="$environments $venv" || say "Python $version is not here: left out"
  done
  [ -n "$environments" ] || environments=$(tools/environment.sh dev)
fi

lint() {
  say "$1: lint, types, layers"
  "$2/bin/ruff" check .
  "$2/bin/ruff" format --check .
  "$2/bin/mypy" nassij governance_assessment funding_guide xblocks course_content
  "$2/bin/lint-imports"
}

consistent() {
  say "$1: migrations, catalogs, annotations"
  DJANGO_SETTINGS_MODULE=tests.settings "$2/bin/python" -m django makemigrations --check --dry-run \
    nassij_common nassij_associations nassij_governance nassij_funding nassij_courses
  "$2/bin/python" -m tools.catalogs check
  # Every model says which personal data it keeps, and how a retirement forgets them (OEP-30). The demo's settings have them all.
  DJANGO_SETTINGS_MODULE=demo.settings "$2/bin/code_annotations" django_find_annotations \
    --config_file .pii_annotations.yml --lint --coverage >"$2/pii.log" 2>&1 || { cat "$2/pii.log"; return 1; }
}

# A test runs on each line and, where it has a database, on each database, but not on all four pairs when both lines run: SQLite
# goes with the older line, MariaDB with the newer, which also drives the whole browser suite and kills workers again and again.
# What is pure (the domains) runs on the older Python only. One line alone runs everything.
newest=$(basename "${environments##* }")
oldest=$(set -- $environments && basename "${1:-}")
plain="not services and not browser and not packaging"
journeys="tests/browser/test_member_journey.py tests/browser/test_whole_round.py"
services="tests/services tests/governance_assessment/test_concurrency.py"
rounds_of_services="tests/services/test_jobs.py tests/services/test_selfcheck.py"
pure="--ignore-glob=tests/*/domain"
slow="--durations=8 --durations-min=5"

# `--no-skips` (tests/conftest.py): a skipped test is a hole nobody sees, so it fails the run.
for venv in $environments; do
  name=${venv##*/}
  python=$venv/bin/python
  [ "$name" = "$newest" ] && lint "$name" "$venv"
  consistent "$name" "$venv"
  if [ "$name" = "$oldest" ] || [ "$what" != all ]; then
    say "$name: tests on SQLite"
    "$python" -m pytest -q --no-skips $slow -n 2 -m "$plain"
  else
    say "$name: tests without a database"
    "$python" -m pytest -q --no-skips $slow -n 2 $pure -m "$plain and not database"
  fi
  [ "$what" = all ] || continue
  if [ "$name" = "$newest" ]; then
    say "$name: tests on MariaDB"
    "$python" -m tools.with_services "$python" -m pytest -q --no-skips $slow -n 2 -m "$plain and database"
  fi
  # One after the other: they share the queue and measure what happens at once.
  say "$name: services: MariaDB, Redis and a Celery worker"
  [ "$name" = "$newest" ] && files=$services || files=$rounds_of_services
  "$python" -m tools.with_services "$python" -m pytest -q --no-skips $slow -m services $files
  say "$name: the wheel in an empty environment"
  "$python" -m pytest -q --no-skips -m packaging tests/packaging
  # Two at once, a file each: they mostly wait for pages.
  say "$name: browser"
  [ "$name" = "$newest" ] && files=tests || files=$journeys
  "$python" -m pytest -q --no-skips $slow -n 2 --dist loadfile -m browser $files
done
# The Tutor plugin: its own environment, and real programs that look at what it renders.
if [ "$what" = all ] || [ "$what" = tutor ]; then
  tutor=$(tools/environment.sh tutor)
  say "Tutor plugin: types, layers, tests"
  "$tutor/bin/mypy" --config-file tutor_plugin/mypy.ini tutor_plugin/tutornassij
  "$tutor/bin/lint-imports" tutor_plugin/.importlinter
  # A file each: what is built once for a file is not built by both.
  "$tutor/bin/python" -m pytest -q -n 2 --dist loadfile tests/tutor
fi
say "All green on:$(for venv in $environments ${tutor:-}; do printf ' %s' "${venv##*/}"; done)"
