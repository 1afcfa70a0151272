# Everything runs inside .venv; python 3.11, git and make are all a machine needs.
UV_VERSION := 0.13.9
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/uv run --frozen --no-sync
STAMP := .venv/.synced

.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)

$(STAMP): $(BIN)/uv pyproject.toml uv.lock
	UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --frozen --inexact --quiet --python $(BIN)/python
	@touch $@

setup: $(STAMP) ## install everything into .venv

.PHONY: help setup
