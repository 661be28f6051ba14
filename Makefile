# Everything a stranger types. Each target sets up what it needs first; nothing else has to be installed by hand
# but python3 (3.11 or newer) and make.

# plain "=": only the command line changes them, not a HOST that some shell exports
HOST = localhost
PORT = 8000
PYTHON = python3
BIN = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup dev run test check bench proof

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: ## install what serving needs (Python packages, front-end packages, the capaian command)
	@$(PYTHON) tools/setup.py run

dev:
	@$(PYTHON) tools/setup.py dev

run: setup ## serve on http://localhost:8000; HOST=… PORT=… to choose another address
	@exec $(BIN)/capaian serve --host $(HOST) --port $(PORT)

test: dev ## run the whole test suite on SQLite and on PostgreSQL
	@$(BIN)/python tools/test.py $(ARGS)

check: dev ## run every static check: style, types, layers, templates, migrations, house rules
	@$(BIN)/python tools/check.py

bench: dev ## measure speed and print the table with machine, size, median and p95
	@PYTHONPATH=tools $(BIN)/python -m bench $(ARGS)

proof: dev ## run the long proofs and write their figures to docs/proofs.md
	@PYTHONPATH=tools $(BIN)/python -m proof $(ARGS)
