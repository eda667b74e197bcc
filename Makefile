# Everything here works on a machine with Python 3.11, make and a package registry.

VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
PYTHONS := python3 python3.11 python3.12 python3.13 python3.14

PACKAGES := $(wildcard question_banks analysis survey)
TYPED := $(PACKAGES) $(wildcard wsgi.py tools tests benchmarks)
SLOW := tests/integration tests/journeys
PYTEST := $(RUN) -m pytest -n 2
# A file stays with one worker, so that its tests share the server or the data they start.
BY_FILE := --dist loadfile
COVER := --cov --cov-report=
LOCK := $(BIN)/uv pip compile --no-config --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header pyproject.toml

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test check lint fix benchmark benchmark-analysis mutate \
	guide-pictures lock clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.run ## Load the demo if it is not there yet, and serve it on this machine, port 8000
	@$(BIN)/signpost demo

demo-reset: $(VENV)/.run ## Throw away what was entered in the demo, and start it afresh
	@$(BIN)/signpost demo --reset

test: $(VENV)/.dev ## Run everything: checks, tests on both databases, browser journeys, coverage gates
	@$(RUN) -m tools.prepare
	@$(MAKE) --no-print-directory lint
	@rm -f .coverage .coverage.* coverage.json
	$(PYTEST) tests $(SLOW:%=--ignore=%) $(COVER)
	$(PYTEST) $(wildcard $(SLOW)) $(BY_FILE) $(COVER) --cov-append
	@$(RUN) -m coverage json --quiet -o coverage.json
	@$(RUN) -m tools.coverage_gates coverage.json

check: $(VENV)/.dev lint ## Run the fast part alone: checks, and the tests that need neither database nor browser
	$(PYTEST) tests $(SLOW:%=--ignore=%)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet
	$(RUN) -m question_banks check
	$(BIN)/mypy $(TYPED)

fix: $(VENV)/.dev ## Mend what can be mended by machine: format, simple faults, compressed copies
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(RUN) -m tools.compress_static

benchmark: $(VENV)/.dev ## Measure the respondent's journey on both databases (some minutes)
	@$(RUN) -m tools.prepare
	$(RUN) -m benchmarks.respond --database both

mutate: $(VENV)/.dev ## Change the rules in small ways and see whether a test notices (an hour; docs/mutation.md)
	$(RUN) -m mutmut run
	$(RUN) -m mutmut results

benchmark-analysis: $(VENV)/.dev ## Measure the analysis, from files and from both databases (some minutes)
	@$(RUN) -m tools.prepare
	$(RUN) -m benchmarks.analysis

guide-pictures: $(VENV)/.dev ## Take the pictures of docs/guides anew, from the demo (two minutes)
	@$(RUN) -m tools.prepare browser
	@$(RUN) -m tools.guide_pictures

lock: $(VENV)/.dev ## Write both requirements files anew from pyproject.toml
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## Remove the virtual environment and the caches, not what was entered
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	rm -f .coverage .coverage.* coverage.json

# The environment, installed once and again only when what it is made from has changed.

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Signpost needs (about half a minute, once)"
	@$(RUN) -m pip install --quiet --require-hashes -r requirements.txt
	@$(RUN) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Signpost and its tests need (about a minute, once)"
	@$(RUN) -m pip install --quiet --require-hashes -r requirements-dev.txt
	@$(RUN) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

$(VENV)/bin/python:
	@found=; for name in $(PYTHONS); do \
		if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			found=$$name; break; \
		fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Signpost needs Python 3.11 or newer: install it (Debian and Ubuntu: apt-get install python3 python3-venv)." >&2; \
		exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Python cannot make virtual environments here: install python3-venv (Debian and Ubuntu: apt-get install python3-venv)." >&2; \
		exit 1; \
	fi; \
	rm -rf $(VENV) && $$found -m venv $(VENV)
