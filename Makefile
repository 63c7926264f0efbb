# Two commands: `make demo` shows the main job, `make test` runs the whole suite. `make help` lists the rest.

PYTHON ?= python3
BIN := .venv/bin
# Where the tests keep their databases: in memory where that is a folder.
MEMORY := $(firstword $(wildcard /dev/shm) /tmp)
# A virtual environment without ensurepip, filled from outside: works on a bare Debian too.
PIP := $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help demo test check format lint types contracts fuzz crash soak bench golden docs clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "cadence needs Python 3.11 or newer; set PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv --without-pip .venv

.venv/core: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing cadence into .venv ..."
	@$(PIP) --editable .
	@touch $@

.venv/dev: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing cadence and its test tools into .venv ..."
	@$(PIP) --editable '.[dev]'
	@touch $@ .venv/core

demo: .venv/core ## the main job on an example organisation, in a minute, without account or server
	@$(BIN)/cadence rehearse plans/example/rollout.yaml --days 21 --out demo

# Many tests wait for servers and processes: three for two cores keep them busy.
test: .venv/dev ## the whole suite
	@place=$$(mktemp -d -p $(MEMORY)); chmod 755 $$place; TMPDIR=$$place $(BIN)/python -m pytest -n $$((3 * $$(getconf _NPROCESSORS_ONLN) / 2)); \
		code=$$?; rm -rf $$place; exit $$code

check: format lint types contracts test ## what CI runs

format: .venv/dev ## formatting is as ruff has it
	@$(BIN)/ruff format --check .

lint: .venv/dev ## ruff's rules
	@$(BIN)/ruff check .

types: .venv/dev ## mypy --strict
	@$(BIN)/mypy

contracts: .venv/dev ## an arrow may only point down
	@$(BIN)/lint-imports

fuzz: .venv/dev ## 100,000 damaged plans and 5,000 generated ones: no traceback, no hang, no memory (ten minutes)
	@$(BIN)/python -m tests.hostile.fuzz --mutations 100000 --plans 5000

crash: .venv/dev ## the program killed before every statement and every byte of a beat: what is lost, what comes twice (half an hour)
	@$(BIN)/python -m tests.crash.matrix

soak: .venv/dev ## a simulated year with faults and kills; every beat is held against what was promised (ten minutes)
	@$(BIN)/python -m tests.soak.year

bench: .venv/dev ## how fast it is, beside other ways to do the same; prints ratios (some minutes)
	@$(BIN)/python -m benchmarks.compile
	@$(BIN)/python -m benchmarks.load
	@$(BIN)/python -m benchmarks.beat
	@$(BIN)/python -m benchmarks.dispatch

golden: .venv/dev ## write the golden files anew; read the difference before you commit it
	@CADENCE_UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q -p no:randomly tests -k golden || true

docs: .venv/core ## the pages of docs/reference that the program writes itself
	@$(BIN)/python docs/generate.py

clean: ## remove what the other targets made
	@rm -rf .venv demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist
