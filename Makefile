# Two commands do everything: `make demo` and `make test`. Each sets up what it needs.
# The system's Python is built to be fast, which one that pyenv built is not: all this takes it a fifth less.
PYTHON ?= $(if $(wildcard /usr/lib/python3.11/ensurepip),/usr/bin/python3.11,python3.11)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Tests build some two thousand small databases: in memory, where there are 4 GB to spare. What Python
# compiles is kept, whatever the environment says: each worker and process of a demo would do it anew.
RAM := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 {print "/dev/shm"}')
# The workers are as many as the processors have use for; threads of polars beside them only get in each other's way.
# Nobody sees the terminal UI of a test: it draws less often, and lets nothing glide.
TESTS = PYTHONDONTWRITEBYTECODE= POLARS_MAX_THREADS=1 TEXTUAL_FPS=20 TEXTUAL_ANIMATIONS=none $(if $(RAM),PYTEST_DEBUG_TEMPROOT=$(RAM) )$(BIN)/python -m pytest

.PHONY: help setup demo test slow explore chaos fuzz bench kit check lint types layers contract migrations format proto breaking lock clean

help:
	@echo "make demo             a small city on this machine, guided by the terminal UI"
	@echo "make demo HEADLESS=1  the same line with scripted residents and staff; exits 0 only if all holds"
	@echo "make test             every behaviour once, on SQLite"
	@echo "make slow             the rest: PostgreSQL, minutes of kills at random, every property hundreds of times"
	@echo "make test ALL=1       these two in one run, as before a change lands"
	@echo "make explore          every property again with other examples than ever before: what it finds is news"
	@echo "make chaos            60,000 are told while every part is killed: exits 0 only if each was told once"
	@echo "make fuzz SECONDS=60  any bytes as a roster or a procedure: nothing but refusals may come of them"
	@echo "make bench            speed, as ratios measured in one run"
	@echo "make kit              the offline matching kit, in build/kit"
	@echo "make check            format, lint, types, import rules, contract, migrations"
	@echo "make proto            generate the Python of the contract"

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "todoke needs Python 3.11: set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.bench: $(STAMP) requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-bench.lock
	@touch $@

demo: setup
	$(BIN)/todoke demo $(if $(HEADLESS),--headless) $(ARGS)

# With ALL, both lanes in one run instead of two: each of its workers collects once, and each property is tried once.
test: setup
	$(TESTS) $(if $(ALL),--hypothesis-profile=many,-m "not slow") $(ARGS)

slow: setup
	$(TESTS) -m "slow or hypothesis" --hypothesis-profile=many $(ARGS)

explore: setup
	$(TESTS) -m hypothesis --hypothesis-profile=explore $(ARGS)

chaos: setup
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m tests.chaos $(ARGS)

# Linux only; what crashes is kept in build/fuzz.
fuzz: setup
	$(BIN)/python -m tests.fuzz.rosters $(or $(SECONDS),60)
	$(BIN)/python -m tests.fuzz.procedures $(or $(SECONDS),60)

bench: $(VENV)/.bench
	$(BIN)/python -m tests.bench $(ARGS)

kit: setup
	$(BIN)/python kit/build.py build/kit

# Parts that know nothing of each other, so that `make --jobs` runs them side by side.
check: lint types layers contract migrations

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports

contract: setup
	$(BIN)/python proto/generate.py --check
	$(BIN)/buf lint
	$(BIN)/buf format --diff --exit-code proto

migrations: setup
	$(BIN)/python -m tests.migrations

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/buf format --write proto

proto: setup
	$(BIN)/python proto/generate.py

# Against the last release; until there is one, the contract changes freely. protovalidate's annotations
# are not in the repository, so today's are put beside the released contract.
breaking: setup
	@tag=$$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null) || { echo "no release yet: nothing to break"; exit 0; }; \
	  rm -rf build/released && mkdir -p build/released/build && \
	  git archive $$tag proto buf.yaml | tar -x -C build/released && \
	  cp -r build/contract build/released/build/ && \
	  $(BIN)/buf breaking --against build/released && echo "nothing of $$tag is broken"

# Only for those who change a dependency; needs uv.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras --group dev \
	  --no-header --quiet pyproject.toml --output-file requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --group bench --constraint requirements.lock \
	  --no-header --quiet --output-file requirements-bench.lock

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis
