# `make` sets up, rebuilds the tables from the seed records and validates them.
# `make test` sets up, lints and runs the tests.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: all build validate test lint setup clean

all: build validate

setup: $(READY)

# The constraints pin every package with its hashes; the project itself is added without asking the index again.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

build: $(READY)
	$(BIN)/python scripts/build.py

validate: $(READY)
	$(BIN)/python scripts/validate.py --engine pandera

# The explorer page and the figures, in site/.
.PHONY: site
site: $(READY)
	$(BIN)/python scripts/site.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest

# Needs uv (not part of the set-up). The hashes cover every platform that the packages support.
.PHONY: lock
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --all-extras --output-file constraints.txt pyproject.toml

clean:
	rm -rf $(VENV) dist .cache
