# The two commands of a newcomer are `make demo` and `make test`; the rest is for daily work.
# Each finds Python 3.11 or 3.12 by itself (PYTHON_VERSIONS="3.11" to choose) and makes its own environment in .venv/.

SHELL := /bin/sh
PORT ?= 8000
PYTHON_VERSIONS ?=

.PHONY: help demo test check bench catalogs lock wheel tutor-wheels tutor-plugin clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

demo: ## the demo site on http://127.0.0.1:8000 with a Celery worker (PORT=… for another port)
	@tools/demo.sh $(PORT)

test: ## everything, on every supported Python found here: checks, tests on SQLite and MariaDB, services, browser, wheel
	@tools/system_packages.sh
	@tools/test.sh all $(PYTHON_VERSIONS)

check: ## the fast part: lint, types, layers, migrations, catalogs, unit tests
	@tools/test.sh check $(PYTHON_VERSIONS)

bench: ## our figures beside the peers', in one run
	@tools/bench.sh

catalogs: ## update the message catalogs from the sources
	@"$$(tools/environment.sh dev)/bin/python" -m tools.catalogs update

lock: ## resolve every lock anew: both lines of the platform, the Tutor plugin, what the image lacks
	@for line in teak:3.11 verawood:3.12 tutor:3.11; do \
	  "$$(tools/environment.sh dev)/bin/uv" pip compile --quiet --upgrade --no-header --python-version $${line#*:} \
	    requirements/$${line%:*}.in -o requirements/$${line%:*}.txt || exit 1; done
	@"$$(tools/environment.sh tutor)/bin/python" -m tools.tutor_wheels lock

wheel: ## build the wheel into dist/ (the same commit gives the same bytes)
	@"$$(tools/environment.sh dev)/bin/python" -m tools.wheels suite

tutor-wheels: ## build what goes into the image, for amd64 and arm64, into the Tutor plugin (the same commit gives the same bytes)
	@"$$(tools/environment.sh tutor)/bin/python" -m tools.tutor_wheels build

tutor-plugin: tutor-wheels ## build tutor-contrib-nassij, with these wheels in it, into dist/
	@"$$(tools/environment.sh tutor)/bin/python" -m tools.wheels plugin

clean: ## remove what was made here: environments, caches, demo data
	rm -rf .venv var build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
