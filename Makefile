# `make` sets up, builds the tables from the seed records and validates them. `make help` lists every target.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
CLIENTS := .clients
# Python compiles a module when it is first imported; compiling all of them would double the time of the set-up.
PIP := python -m pip install -qq --disable-pip-version-check --no-compile
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: all build clean help lint lock setup setup-clients setup-test site test test-all validate

# Building and validating read and write the same files, also under `make -j`.
.NOTPARALLEL:

all: build validate ## set up, build the tables and validate them (the default)

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

build: $(VENV)/.ready ## build the tables and the other generated files
	$(BIN)/python scripts/build.py

validate: $(VENV)/.ready ## validate the seed records and the package
	$(BIN)/python scripts/validate.py

site: $(VENV)/.ready-test ## build the explorer page and the figures in site/
	$(BIN)/python scripts/site.py

lint: $(VENV)/.ready-test ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint ## check style and types, and run the tests (a few minutes)
	$(PYTEST) -m "not full"

test-all: setup-clients ## run the tests that need a browser, Node, LibreOffice or other environments, or take long
	$(PYTEST) -m full

setup: $(VENV)/.ready ## install what drafting, building and validating need

setup-test: $(VENV)/.ready-test ## also install what tests, releases and the site need

setup-clients: $(VENV)/.ready-test ## also install what `make test-all` needs; Debian packages need root
	@tests/programs/install_debian_packages.sh
	@$(MAKE) --no-print-directory $(CLIENTS)/python/.ready $(CLIENTS)/pandas-2.2/.ready $(CLIENTS)/spark/.ready $(CLIENTS)/node.ready

lock: ## pin the newest allowed packages with their hashes (needs uv)
	$(LOCK) $(LOCKED:%=--extra %) --output-file constraints.txt pyproject.toml
	$(LOCK) --extra build --extra draft --constraint constraints.txt --output-file constraints-build.txt pyproject.toml

# All but Spark, which has an environment of its own.
LOCKED := release site test versions
# The hashes cover every platform that the packages support.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links

clean: ## remove everything that was installed or built outside git
	rm -rf $(VENV) $(CLIENTS) tests/programs/node/node_modules dist site

# The project itself is installed from this folder, without asking the package index again.
$(VENV)/.ready: pyproject.toml constraints-build.txt
	@echo "Installing the packages in $(VENV) (about half a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/$(PIP) --require-hashes -r constraints-build.txt
	@$(BIN)/$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready constraints.txt
	@echo "Installing the packages for the tests, releases and the site"
	@$(BIN)/$(PIP) --require-hashes -r constraints.txt
	@touch $@

# Environments of their own: these packages are large, or older than those of the project.
$(CLIENTS)/%/.ready: tests/programs/%.txt
	@echo "Installing $(<F) in $(@D)"
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/$(PIP) -r $<
	@touch $@

$(CLIENTS)/node.ready: tests/programs/node/package-lock.json
	@echo "Installing the client for Node in $(<D)"
	@cd $(<D) && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@
