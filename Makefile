# Everything a person types. Each target sets up what it needs first; a second run skips what is done.
.PHONY: help run test check format bench look content train setup setup-check setup-dev clean
.DEFAULT_GOAL := help

PYTHON_311 := sh scripts/python.sh

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup  ## Set everything up and run it until Ctrl-C (PORT=8001 moves the web port, PORT=0 picks a free one)
	@exec .venv/bin/frontdoor run

test: setup-dev  ## Set everything up and run every test, in two processes, training beside them if need be
	@mkdir -p .frontdoor/logs
	@.venv/bin/frontdoor train > .frontdoor/logs/training-for-tests.log 2>&1 & \
	.venv/bin/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --durations 40 $(ARGS); \
	status=$$?; wait; exit $$status

check: setup-check  ## Linters, types and the arrows between modules
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: setup-check  ## Put the code in one layout
	.venv/bin/ruff check --fix --quiet . || true
	.venv/bin/ruff format .

bench: setup-dev  ## Run the measured comparisons into bench/report.md (most of an hour)
	@.venv/bin/frontdoor train
	@exec .venv/bin/python -m bench $(ARGS)

look: setup-dev  ## Take a picture of every page and state into look/
	@exec .venv/bin/python -m tests.look $(ARGS)

content: setup-check  ## Check everything that residents are told, in seconds
	@exec .venv/bin/frontdoor content

train: setup  ## Train the assistant if its content changed
	@exec .venv/bin/frontdoor train

setup:
	@$(PYTHON_311) -m triage.running.setup run

setup-check:
	@$(PYTHON_311) -m triage.running.setup check

setup-dev:
	@$(PYTHON_311) -m triage.running.setup test

clean:  ## Remove the tools, environments and caches (never the data in .frontdoor)
	rm -rf .tools .venv bot/.venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache look
