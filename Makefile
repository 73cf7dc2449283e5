# Everything runs in a virtual environment of its own, from pinned versions; python3 and make are all that is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo

.DELETE_ON_ERROR:
.PHONY: help demo test lint docs bench lock clean

help:
	@echo "make demo   check the evidence, solve and compare the shipped scenarios, sweep a map, test the claims, write a report into $(DEMO)/"
	@echo "make test   run all tests"
	@echo "make lint   format and style, types"
	@echo "make docs   build the documentation into docs/_build"
	@echo "make bench  measure the start-up time and the solvers, beside others in the same run"
	@echo "make lock   renew the pinned versions"
	@echo "make clean  remove the environment and the demo's folder"

$(VENV)/.core: requirements.lock pyproject.toml
	@echo "Setting up $(VENV): pip fetches the pinned versions and is silent for a minute or two."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

demo: $(VENV)/.core
	$(BIN)/triangle check
	$(BIN)/triangle list scenario
	$(BIN)/triangle solve baseline --plot $(DEMO)/baseline.png
	$(BIN)/triangle compare baseline $(filter-out baseline,$(sort $(basename $(notdir $(wildcard scenarios/*.toml))))) --plot $(DEMO)/compare
	rm -rf $(DEMO)/sweep
	$(BIN)/triangle sweep baseline rift_courted --over political_concession=0:1:81 --over stake_ru_cn=1:12:81 --out $(DEMO)/sweep --plot $(DEMO)/sweep.png
	$(BIN)/triangle tipping baseline
	$(BIN)/triangle claims
	$(BIN)/triangle report baseline courting_2025 europe_joins --explore --out $(DEMO)/report.html
	@echo
	@echo "Done. The plots are in $(DEMO)/: baseline.png, sweep.png, and one picture per question in $(DEMO)/compare/."
	@echo "Open $(DEMO)/report.html in a browser. To ask something yourself: . $(BIN)/activate, then triangle --help."

test: $(VENV)/.dev
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: $(VENV)/.dev
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/bench_startup.py
	$(BIN)/python benchmarks/bench_support.py --quick
	$(BIN)/python benchmarks/bench_logit.py --rounds 3 --few 20
	$(BIN)/python benchmarks/bench_sweep.py --quick

lock: $(VENV)/.dev
	$(BIN)/uv pip compile --quiet --universal --no-emit-index-url --generate-hashes --no-header --upgrade pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --no-emit-index-url --generate-hashes --no-header --upgrade --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) $(DEMO) docs/_build docs/reference
