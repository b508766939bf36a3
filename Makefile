# Everything a clone needs: Python 3.11 with venv and pip, and make. `make demo` and `make test` set themselves up.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# The locks hold every build tool, so nothing but what they list is ever downloaded.
LOCKED := $(PIP) install --no-build-isolation --require-hashes
ARGS ?=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help install dev spark demo test test-all check format bench docs lock bundle browser-tools clean

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1: /p' Makefile | awk -F': ' '{printf "make %-10s %s\n", $$1, $$2}'

# A stamp a layer: a second `make` looks at dates and installs nothing.
$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "kaohe needs Python 3.11 with venv and pip (Debian: apt-get install python3 python3-venv python3-pip)" >&2; exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(LOCKED) -r requirements.lock
	$(PIP) install --no-build-isolation --no-deps --editable '.[web]'
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.installed
	$(LOCKED) -r requirements-dev.lock
	@touch $@

$(VENV)/.spark: requirements-spark.lock $(VENV)/.dev
	$(LOCKED) -r requirements-spark.lock
	@touch $@

$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	$(LOCKED) -r requirements-bench.lock
	@touch $@

install: $(VENV)/.installed ## build .venv with the locked dependencies; commands are in .venv/bin

dev: $(VENV)/.dev

spark: $(VENV)/.spark

demo: install ## print the demo board, write board.html, and open the product in a browser until Ctrl+C
	$(BIN)/kaohe demo

test: dev ## the tests of every day, at most 5 minutes
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow and not spark" $(ARGS)

# axe-core reads every page; the old Chromium is the oldest browser that offices may have. Both are for tests only.
.browser/.installed: tools/browser_tools.mjs
	npm install --silent --no-audit --no-fund --no-save --prefix .browser axe-core@4.14.1 @sparticuz/chromium@107.0.0
	node tools/browser_tools.mjs .browser
	@touch $@

browser-tools: .browser/.installed ## fetch what the browser tests need beside Chromium (npm)

# The second run is the web suite on PostgreSQL; what SQLite alone can show is marked so. The third is the browser
# journeys in Chromium 107.
test-all: spark browser-tools ## every test, every engine, both databases; nothing may be skipped (.ci/run installs the means)
	env -u DATABASE_URL KAOHE_REQUIRE_ALL=1 $(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)
	KAOHE_REQUIRE_ALL=1 $(BIN)/python tools/with_postgresql.py \
	  $(BIN)/python -m pytest -n 2 --dist loadgroup -m "not sqlite" tests/web $(ARGS)
	env -u DATABASE_URL KAOHE_REQUIRE_ALL=1 KAOHE_BROWSER=$(CURDIR)/.browser/chromium $(BIN)/python -m pytest tests/browser $(ARGS)

check: dev ## lint, format, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: dev ## write the format that check asks for
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: spark $(VENV)/.bench ## measure; options in ARGS
	$(BIN)/python -m benchmarks $(ARGS)

docs: dev ## write the generated pages of docs/reference, THIRD_PARTY.md and the JSON Schema of schemes
	$(BIN)/python tools/reference_pages.py
	$(BIN)/python tools/third_party.py
	$(BIN)/python tools/scheme_schema.py

# `make lock UPGRADE=--upgrade` takes the newest releases that pyproject.toml allows.
UPGRADE ?=
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes \
  --strip-extras --no-emit-options $(UPGRADE)
INPUTS := pyproject.toml requirements.in

lock: dev ## resolve the dependencies again and write the four locks
	$(COMPILE) --extra web --output-file requirements.lock $(INPUTS)
	$(COMPILE) --constraint requirements.lock --extra dev --output-file requirements-dev.lock $(INPUTS)
	$(COMPILE) --constraint requirements.lock --extra spark --output-file requirements-spark.lock $(INPUTS)
	$(COMPILE) --constraint requirements.lock --extra bench --output-file requirements-bench.lock $(INPUTS)

bundle: dev ## write dist/kaohe-VERSION-PLATFORM.zip: all that an offline machine needs; platforms in ARGS
	$(BIN)/python tools/bundle.py $(ARGS)

clean: ## remove what make built
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis board.html
