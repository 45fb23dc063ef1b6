# Two commands do everything on a machine with Python 3.11+ and make: `make demo`, `make test`.
# Each makes .venv first if it is missing or older than the project's own files.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test test-long test-kill test-scale lint score bench docs clean

help:
	@echo "make demo       harvest the built-in replica portal into output/demo/"
	@echo "make test       ruff, mypy and the test suite"
	@echo "make test-long  harvests of 2,000 articles and of a hostile portal"
	@echo "make test-kill  the harvest under kill -9, full disks and lost permissions"
	@echo "make test-scale its memory with a million known addresses"
	@echo "make score      accuracy on an annotated set beside the checkout"
	@echo "make bench      speed, as ratios within one run"
	@echo "make docs       rewrite the generated pages under docs/"
	@echo "make clean      remove .venv and caches (never output/)"

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "harvester needs Python 3.11 or later; name one with: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

# What harvester is measured against; nothing else needs it.
$(VENV)/.bench: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@touch $@

demo: $(VENV)/.installed
	$(BIN)/harvester demo

test: lint
	$(BIN)/python -m pytest --numprocesses auto

test-long: $(VENV)/.installed
	$(BIN)/python -m pytest -m long --numprocesses auto

test-kill: $(VENV)/.installed
	$(BIN)/python -m pytest tests/kill -m kill -rP --numprocesses auto

test-scale: $(VENV)/.installed
	$(BIN)/python scripts/check_memory.py

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

score: $(VENV)/.installed
	$(BIN)/python scripts/score.py

bench: $(VENV)/.bench
	$(BIN)/python scripts/bench.py
	$(BIN)/python scripts/bench_crawl.py

docs: $(VENV)/.installed
	$(BIN)/python scripts/write_docs.py

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
