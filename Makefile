# Everything sets itself up: python3 with venv, and make, are all a machine needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint screenshots bench clean

demo: .venv/.installed-demo
	@$(BIN)/roledeck demo

test: .venv/.installed-dev lint
	$(BIN)/python -m pytest -n 3 --dist worksteal

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

screenshots: .venv/.installed-dev
	$(BIN)/python screenshots/make.py

bench: .venv/.installed-dev
	$(BIN)/python tests/bench/run.py

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis dist build

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'

.venv/.installed-demo: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[demo]'
	@touch $@

.venv/.installed-dev: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[demo,keyring,login]' --group dev
	@touch $@ .venv/.installed-demo
