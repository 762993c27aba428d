# What one types: run, test, lint, accuracy, bench (each sets .venv up first, quickly when nothing changed).
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
SHARED ?= ../shared
OUTPUT ?= output
INPUT  ?= tests/samples
BIN    := .venv/bin
JOBS   ?= auto

.PHONY: help setup compiled uncompiled check-compiled run test lint format accuracy raise-floors bench bench-peers docs lock clean crash readers hostile

help:
	@echo "make run       set up, and run the flow on the sample pages (INPUT=folder OUTPUT=folder for others)"
	@echo "make compiled  compile the stages that read text: the same tables, sooner (needs a C compiler; make uncompiled removes the build)"
	@echo "make test      set up, and run the whole test suite"
	@echo "make lint      ruff and mypy --strict"
	@echo "make accuracy  score against gold pages in SHARED=$(SHARED) and compare with the pinned floors"
	@echo "make bench     what the stages cost"
	@echo "make bench-peers  finding amounts, periods and places beside JioNLP and recognizers-text-suite (PAGES=folder of text pages)"
	@echo "make crash     kill a run, a migration and a compaction at every write step and at 100 random instants"
	@echo "make readers   scan the tables while they are published three times over"
	@echo "make hostile   take every hostile input by itself: what becomes of it, seconds, memory"
	@echo "make check-compiled  compile a copy: its tables must be those of the sources, byte for byte, and its tests must pass"
	@echo "make docs      write docs/tables.md anew from tasks/schema.py"
	@echo "make lock      write requirements.lock anew from pyproject.toml"

setup: .venv/.ready

# The lock holds every dependency with its hashes, so nothing is left to resolve (pip's check says if something is
# missing on this version of Python); the project itself is installed as a link.
.venv/.ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "banmian needs Python 3.11 or newer on the PATH (or: make PYTHON=/path/to/python)" >&2; exit 1; }
	@echo "setting up .venv with $$($(PYTHON) --version) (a few minutes the first time)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip check >.venv/check || { cat .venv/check >&2; exit 1; }
	@touch $@

run: setup
	@$(BIN)/banmian run $(INPUT) --output $(OUTPUT)

test: setup
	@$(BIN)/python -m pytest -q -n $(JOBS)

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check flows expectations tasks/ingest tasks/validate tasks/publish
	@$(BIN)/mypy

accuracy: setup
	@$(BIN)/python -m expectations.accuracy --shared $(SHARED)

raise-floors: setup
	@$(BIN)/python -m expectations.accuracy --shared $(SHARED) --raise

bench: setup
	@$(BIN)/python -m benchmarks

bench-peers: setup .venv-peers/.ready
	@$(BIN)/python -m benchmarks.peers $(PAGES)

# An environment apart: what the peers need is under other licences than banmian's dependencies may be.
.venv-peers/.ready: benchmarks/peers.txt
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers.txt
	@touch $@

crash: setup
	@$(BIN)/python -m tests.crash
	@$(BIN)/python -m tests.crash --migrate
	@$(BIN)/python -m tests.crash --compact
	@$(BIN)/python -m tests.crash_s3

readers: setup
	@$(BIN)/python -m tests.readers
	@$(BIN)/python -m tests.readers --s3

hostile: setup
	@$(BIN)/python -m tests.hostile

compiled: setup
	@$(BIN)/python -m tasks.compiled.build

uncompiled:
	@rm -rf tasks/compiled/*/

check-compiled: setup
	@$(BIN)/python -m tests.compiled

docs: setup
	@$(BIN)/python -m tasks.dictionary docs/tables.md

lock: setup
	@CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
		--extra s3 --extra dask --extra dev --output-file requirements.lock pyproject.toml

clean: uncompiled
	@rm -rf .venv .venv-peers .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
