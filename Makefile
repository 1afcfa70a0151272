# Everything runs inside .venv; python 3.11, git and make are all a machine needs.
UV_VERSION := 0.13.9
PYTHON ?= python3
BIN := .venv/bin
UV := .venv/.uv-$(UV_VERSION)
SYNCED := .venv/.synced
NODE_SYNCED := tests/node/node_modules/.synced

.DEFAULT_GOAL := help
# every worker has servers of its own; a file's tests stay together
PARALLEL := -n auto --dist loadfile

.PHONY: audit-deps help setup demo test test-all test-bundle test-long test-resilience lint types imports schemas bundle bench check hooks

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 17

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(SYNCED): $(UV) pyproject.toml uv.lock
	UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --frozen --inexact --quiet --python $(BIN)/python
	@touch $@

$(NODE_SYNCED): tests/node/package.json tests/node/package-lock.json
	@node -e 'process.exit(process.versions.node.split(".")[0] >= 18 ? 0 : 1)' && command -v npm >/dev/null || \
		{ echo 'make test-all needs Node.js 18 or newer with npm (Debian: apt-get install nodejs npm)' >&2; exit 1; }
	cd tests/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

setup: $(SYNCED) ## install everything into .venv

demo: $(SYNCED) ## start everything here and let a simulated city live; Ctrl-C ends it
	@trap : INT; $(BIN)/xiaoneng up --demo --data xiaoneng-demo || [ $$? -eq 130 ]

test: $(SYNCED) ## run the tests that need Python only and kill nobody
	$(BIN)/pytest $(PARALLEL) -m "not node and not browser and not debian and not registry and not long and not resilience"

test-all: $(SYNCED) $(NODE_SYNCED) ## also properties thoroughly, from Node.js and in Chromium, which it needs
	$(BIN)/pytest $(PARALLEL) -m "not resilience and not registry and not long" --hypothesis-profile=thorough

test-long: $(SYNCED) $(NODE_SYNCED) ## start whole stacks in all ways, and attack them (minutes)
	$(BIN)/pytest $(PARALLEL) -m "long and not resilience and not registry"

test-bundle: $(SYNCED) ## build the archives and install one with the network cut off (minutes)
	$(BIN)/pytest -m registry

test-resilience: $(SYNCED) ## kill, stop and wipe servers and services under load (minutes)
	$(BIN)/pytest -m resilience

lint: $(SYNCED) ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(SYNCED) ## mypy --strict
	$(BIN)/mypy

imports: $(SYNCED) ## import-linter: who may know whom
	$(BIN)/lint-imports --no-logo

schemas: $(SYNCED) ## write the JSON Schemas and the AsyncAPI document from contracts/
	$(BIN)/python -m contracts.schemas

bundle: $(SYNCED) ## archives in dist/ that install without a network, x86-64 and arm64
	@$(BIN)/python -m deploy.bundle.command

bench: $(SYNCED) ## measure, as ratios in one run; table and bench/results/*.json
	$(BIN)/python -m bench

check: lint types imports ## all that CI checks before the tests
	$(BIN)/python -m contracts.schemas --check
	$(BIN)/python -m contracts.compatibility

audit-deps: $(UV) ## look every locked package up among the known vulnerabilities (needs pypi.org)
	@list=$$(mktemp) && trap 'rm -f "$$list"' EXIT && \
		$(BIN)/uv export --frozen --no-emit-project --quiet --output-file "$$list" >/dev/null && \
		$(BIN)/uv tool run --quiet pip-audit==2.10.1 --strict --disable-pip --require-hashes -r "$$list"

hooks: $(SYNCED) ## run the fast checks before every commit
	$(BIN)/pre-commit install
