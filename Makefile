# Two commands matter: `make demo` and `make test`. Both set up everything in this checkout.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
DATA ?= build/demo

# uv trusts its own list of authorities; behind an office's proxy the machine's list, where there is one, is the right one.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= 1
endif

.PHONY: demo setup test test-all test-slow test-spark test-spark-kit test-browser test-long browser-setup lint types bench golden docs lock clean spark-setup

demo: setup
	$(BIN)/concerted demo --data $(DATA) --port $(PORT)

setup: $(VENV)/.ready messages

$(VENV)/.uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14'
	touch $@

# Bytecode is compiled now, so that no command pays for it at its start.
# The editable install of this checkout is separate: its path must not stand in a lock file.
$(VENV)/.ready: $(VENV)/.uv requirements/web.lock pyproject.toml
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/web.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src
	touch $@

$(VENV)/.dev: $(VENV)/.ready requirements/dev.lock
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/dev.lock
	touch $@

# Translations are compiled where they are used: no .mo file is committed.
.PHONY: messages dev-setup
messages: $(VENV)/.ready
	@$(BIN)/python -m concerted.web.ui.messages

dev-setup: setup $(VENV)/.dev

spark-setup: dev-setup
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements/spark.lock
	@command -v java >/dev/null || (apt-get update && apt-get install -y --no-install-recommends openjdk-17-jre-headless)

lint: dev-setup
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/lint-imports

types: dev-setup
	$(BIN)/mypy

test: lint types
	$(BIN)/pytest -n 2

test-all: test test-slow

# What takes longer, needs Java or a browser; each brings what it needs, and each runs though another failed.
SLOW_SUITES := test-spark test-spark-kit test-browser test-long

test-slow:
	@$(MAKE) --no-print-directory --keep-going $(SLOW_SUITES)

test-spark: spark-setup
	$(BIN)/pytest -m 'spark and not realdata'

test-spark-kit: spark-setup
	$(BIN)/pytest -m 'spark and realdata'

test-browser: browser-setup
	$(BIN)/pytest -n 2 -m 'browser'

test-long: dev-setup
	$(BIN)/pytest -n 2 -m 'slow and not spark and not browser'

browser-setup: dev-setup
	@command -v chromium >/dev/null || (apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-core)

bench: dev-setup
	$(BIN)/python -m benchmarks

# Changes the policy's code in one place at a time: does a test notice? Half an hour of one quiet core.
.PHONY: mutation
mutation: dev-setup
	$(BIN)/python -m benchmarks._mutation

golden: dev-setup
	CONCERTED_GOLDEN=write $(BIN)/pytest tests/golden

docs: dev-setup
	$(BIN)/python -m concerted.cli.reference docs/reference
	$(BIN)/sphinx-build -q -W -b html docs docs/_build/html

# Locks hold names, versions and hashes only, no address of an index.
lock: $(VENV)/.uv
	for set in core web dev spark; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate --no-emit-package concerted requirements/$$set.in -o requirements/$$set.lock; \
	done

clean:
	rm -rf build .pytest_cache .mypy_cache .ruff_cache
