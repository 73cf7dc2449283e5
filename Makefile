# Everything runs in a virtual environment of its own, from pinned versions; python3 and make are all that is needed.
PYTHON ?= python3
VENV := .venv
LOWEST := .venv-lowest
BIN := $(VENV)/bin
DEMO := demo
INPUTS ?= 100000
LINES ?= 5000
MUTANTS ?= 300
NOTEBOOK ?= notebooks
SEED ?= 0

DEMONSTRATED := baseline patient_america conditional_relief_europe

PIP := $(BIN)/python -m pip install --disable-pip-version-check --only-binary :all: --progress-bar off
LOCK := $(BIN)/uv pip compile --quiet --universal --no-emit-index-url --generate-hashes --no-header

# Compiled files stay out of the tree and are kept also where the environment says that none be written: the tests start
# hundreds of processes, each of which would compile everything again.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/bytecode

.DELETE_ON_ERROR:
.PHONY: help demo notebooks test check-all fuzz mutants lowest peers lint docs bench lock clean

help:
	@echo "make demo   check the evidence, answer three scenarios, draw them, write a report into $(DEMO)/; less than a minute"
	@echo "make notebooks  open the lectures in JupyterLab; NOTEBOOK=… for another folder or file"
	@echo "make test   run all tests"
	@echo "make check-all  run all tests with large budgets, then fuzz"
	@echo "make fuzz   change a hundred thousand files and try five thousand command lines: INPUTS=…, LINES=…, SEED=…"
	@echo "make mutants  change the program at 300 places and see which changes the tests notice: MUTANTS=…"
	@echo "make lowest run all tests with the oldest versions that pyproject.toml allows"
	@echo "make peers  ask other people's solvers again and renew their recorded answers"
	@echo "make lint   format and style, types"
	@echo "make docs   build the documentation into docs/_build"
	@echo "make bench  measure the start-up time and the solvers, beside others in the same run, and renew docs/performance.md"
	@echo "make lock   renew the pinned versions"
	@echo "make clean  remove the environment and the demo's folder"

$(VENV)/.core: requirements.lock pyproject.toml
	@echo "Setting up $(VENV): pip fetches the pinned packages, all of them wheels; nothing is compiled."
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --quiet --no-deps -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.core
	@echo "Setting up $(VENV) for the tests: what they need beside that, a minute or two."
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

# The two shipped scenarios whose answers differ most from that of the default world; the report is made meanwhile.
demo: $(VENV)/.core
	@mkdir -p $(DEMO)
	$(BIN)/triangle check
	@$(BIN)/triangle report baseline conditional_relief_europe --samples 1024 --out $(DEMO)/report.html > $(DEMO)/report.log 2>&1 & made=$$!; \
	echo "triangle answer $(DEMONSTRATED) --brief"; \
	$(BIN)/triangle answer $(DEMONSTRATED) --brief --plot $(DEMO)/answer.png && \
	{ wait $$made || { cat $(DEMO)/report.log; exit 1; }; }
	@echo
	@echo "The picture is $(DEMO)/answer.png. Open $(DEMO)/report.html in a browser: two of these scenarios, down to document and line."
	@echo "To ask something yourself: . $(BIN)/activate, then"
	@echo "  triangle answer baseline              the whole answer; triangle solve baseline shows what holds it in place"
	@echo "  triangle answer baseline --set relief=1 --hold US=court_russia   another world"
	@echo "  triangle list scenario                what else has been asked; docs/tutorial.md goes on from here"

$(VENV)/.notebooks: $(VENV)/.dev
	@echo "Setting up $(VENV) for the notebooks: JupyterLab, beside the pinned packages, which stay as they are."
	$(PIP) -e '.[notebooks]'
	touch $@

notebooks: $(VENV)/.notebooks
	$(BIN)/python -m jupyter lab $(NOTEBOOK)

test: $(VENV)/.dev
	@echo "Running all tests on every core; a dot is a test that passed. Some minutes on two cores."
	$(BIN)/python -m pytest

check-all: $(VENV)/.dev
	@echo "Running all tests with large budgets: the better part of an hour on two cores."
	TRIANGLE_BUDGET=large $(BIN)/python -m pytest
	$(MAKE) fuzz

fuzz: $(VENV)/.dev
	@echo "What is answered wrongly is kept in fuzz-found/, with the seed that makes it again."
	PYTHONPATH=tests $(BIN)/python -m fuzz.campaign --inputs $(INPUTS) --lines $(LINES) --first $(SEED)

mutants: $(VENV)/.dev
	@echo "cosmic-ray's operators; what else it depends on is for its own runner and not installed. About an hour."
	$(PIP) --require-hashes --no-deps -r requirements-mutants.lock
	PYTHONPATH=tests $(BIN)/python -m mutants.campaign --count $(MUTANTS)

lowest: $(VENV)/.dev
	@echo "The oldest versions that pyproject.toml allows, in $(LOWEST)."
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(LOWEST)
	$(BIN)/uv pip compile --quiet --no-header --resolution lowest-direct pyproject.toml -o $(LOWEST)/lowest.txt
	$(BIN)/uv pip install --quiet --only-binary :all: --python $(LOWEST) -r $(LOWEST)/lowest.txt --group dev
	$(BIN)/uv pip install --quiet --python $(LOWEST) --no-deps -e .
	$(LOWEST)/bin/python -m pytest

peers: $(VENV)/.dev
	@echo "Gambit, asked in a process of its own; it has wheels for Linux x86-64, macOS arm64 and Windows."
	$(PIP) --require-hashes -r requirements-peers.lock
	TRIANGLE_REFEREES=renew $(BIN)/python -m pytest tests/solvers tests/games

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: $(VENV)/.dev
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/results.py
	$(BIN)/python benchmarks/bench_logit.py --rounds 3 --few 20

lock: $(VENV)/.dev
	$(LOCK) --upgrade --group dev pyproject.toml -o requirements-dev.lock
	$(LOCK) --upgrade --constraint requirements-dev.lock pyproject.toml -o requirements.lock
	$(LOCK) --upgrade --constraint requirements-dev.lock --prerelease allow --group peers -o requirements-peers.lock
	$(LOCK) --upgrade --no-deps --group mutants -o requirements-mutants.lock
	$(BIN)/uv pip compile --quiet --universal --no-emit-index-url --constraint requirements-dev.lock --group dev pyproject.toml --format pylock.toml -o $(VENV)/pylock.toml
	$(BIN)/python .ci/wheels.py $(VENV)/pylock.toml > tests/wheels.json

clean:
	rm -rf $(VENV) $(LOWEST) $(DEMO) docs/_build docs/reference
