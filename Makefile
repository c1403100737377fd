# Touchstone: `make help` lists what there is. Needs Python 3.11 or newer, make and git, nothing else.

PORT ?= 8000
DATA ?= var
# Tests wait now and then: two cores have time for three at once.
JOBS ?= 3
TESTS ?= tests

BIN := .venv/bin
PYTHON_IN_VENV := $(BIN)/python
WITH_SERVICES := $(PYTHON_IN_VENV) -m apps.core.embedded exec --temporary --
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help install run manage test check smoke acceptance screenshots clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## Make .venv with everything needed, or repair it
	@.ci/install

run: install ## Run Touchstone on this machine (PORT=8000 DATA=var)
	@$(PYTHON_IN_VENV) -m apps.core.embedded run --port $(PORT) --data $(DATA)

manage: install ## Run a command of manage.py on its data (ARGS="export_dataset demo DIR")
	@$(PYTHON_IN_VENV) -m apps.core.embedded manage --data $(DATA) -- $(ARGS)

test: install ## Run all tests, in a real browser too (TESTS=tests JOBS=3)
	@.ci/test -n $(JOBS) $(TESTS)

check: install ## Lint, types, layers, migrations, API schema, deployment settings
	@.ci/check

smoke: install ## Go the whole way once: import, generate, rate, export, train
	@$(WITH_SERVICES) $(PYTHON_IN_VENV) -m tests.smoke

acceptance: install ## Build projects of real data, make every dataset, train on each, trace it back
	@$(WITH_SERVICES) $(PYTHON_IN_VENV) -m tests.acceptance

screenshots: install ## Take the pictures of the README again
	@$(WITH_SERVICES) $(PYTHON_IN_VENV) -m tests.screenshots

clean: ## Remove .venv and caches; the data in var/ stays
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
