# make demo and make test are all a fresh machine needs: Python 3.11 or later, pip and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help install demo shown test faults portable lint bench serve docs clean
help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

install: .venv/installed ## make .venv and install the exact versions into it
.venv/installed: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch .venv/installed

demo: install ## two years of a made-up authority, from its inbox to its releases (ten minutes)
	$(BIN)/social-value demo
	$(BIN)/python -m tests.oracle

shown: install ## after make demo: what README and docs show of it is what its home says (some minutes)
	SOCIAL_VALUE_DEMO_HOME=data/demo $(BIN)/python -m pytest -n 0 tests/docs/test_shown_output.py

test: install ## every test
	$(BIN)/python -m pytest

faults: install ## two hundred kills of sweeps in either store, builds, releases and commands, 3,000 damaged files, and every other fault (an hour)
	SOCIAL_VALUE_FAULT_ROUNDS=25 SOCIAL_VALUE_MUTATED_FILES=3000 $(BIN)/python -m pytest tests/faults tests/warehouse/store tests/post/test_refused.py tests/post/test_no_canary_is_mailed.py

portable: install ## the models in Spark have the same rows as in DuckDB, and two workers the same quarter as one machine (an hour; Java 17)
	$(BIN)/python -m pip install --quiet --constraint requirements.txt 'dbt-spark==1.11.0' 'pyspark==4.1.4'
	test -e data/portable/warehouse || $(BIN)/social-value demo --quarter --home data/portable
	SOCIAL_VALUE_SPARK=1 SOCIAL_VALUE_WORKERS=1 SOCIAL_VALUE_DEMO_HOME=data/portable $(BIN)/python -m pytest -n 0 tests/portable

lint: install ## format, style, types, who imports whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install ## how long, how much memory, against what (under forty minutes)
	$(BIN)/python -m pip install --quiet 'dlt[duckdb]==1.31.0'
	$(BIN)/python -m tests.benchmarks

serve: install ## run everything on its schedule
	$(BIN)/social-value serve

docs: install ## dbt's own documentation as one page
	SOCIAL_VALUE_HOME=data/demo SOCIAL_VALUE_AUTHORITY=flows/demo/authority $(BIN)/python -m flows.modelling.docs

clean: ## remove what was installed (never data/)
	rm -rf .venv *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
