# What can be done here; `make` alone lists it. Needs Python 3.11 or newer, nothing else.
SHELL := /bin/sh
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

# A virtual environment is bound to its folder: one made elsewhere is made anew.
ifneq ($(shell cat .venv/.made-in 2>/dev/null),$(shell pwd -P))
.PHONY: .venv/.runtime .venv/.dev
endif

setup: .venv/.runtime ## make .venv and install what requirements.txt locks

.venv/.runtime: requirements.txt pyproject.toml scripts/setup
	@scripts/setup

.venv/.dev: requirements-dev.txt requirements.txt pyproject.toml scripts/setup
	@scripts/setup dev

demo: .venv/.runtime ## play the flagship case in a register of its own (ARGS="--once --lang nl")
	@$(BIN)/registry demo $(ARGS)

test: lint ## lint, then run every test (TESTS="tests/repo -k links" for some)
	@scripts/servers
	@# Once, and not by each of the processes that tests start at the same time.
	@$(BIN)/python -c "from registry.warm import warm; warm(print)"
	@$(BIN)/python -m pytest -n auto --dist loadfile $(TESTS)

lint: .venv/.dev ## style, types and import rules; all are run, whichever fails
	@failed=""; \
	check() { printf '\n== %s\n' "$$1"; shift; "$$@" || failed="$$failed $$(basename "$$1")"; }; \
	check "ruff: style" $(BIN)/ruff check .; \
	check "mypy: types" $(BIN)/mypy; \
	check "import-linter: who may import whom" $(BIN)/lint-imports --no-cache --no-logo; \
	[ -z "$$failed" ] || { printf '\nlint failed:%s\n' "$$failed" >&2; exit 1; }

bench: .venv/.dev ## measure how fast it is: ten minutes, alone on the machine (SMOKE=1 quickly, ONLY=name one of them)
	@scripts/servers
	@$(BIN)/python -m tests.bench $(if $(SMOKE),--smoke) $(if $(ONLY),--only $(ONLY))

lock: .venv/.runtime ## renew requirements*.txt from pyproject.toml (UPGRADE=1 for newer versions)
	@scripts/lock $(if $(UPGRADE),--upgrade)

clean: ## remove what was made here
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
