# `make` alone prints the targets. Nothing is needed but Python 3.11 or newer; another
# interpreter is named with `make demo PYTHON=python3.13`. Everything is made in this folder.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
OPTIONS :=

export PIP_DISABLE_PIP_VERSION_CHECK = 1
# The environment is opskit's own: what the shell has set must not lead out of it.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
# pip asks rustc for its version, and a rustup that never ran would settle in the HOME.
export RUSTUP_HOME ?= $(abspath $(VENV))/.rustup

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test browser check bench lock catalogue format clean

help: ## print this list
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1	\2/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(VENV)/.demo ## install opskit with its servers and tell one client's story
	@$(RUN)/python -m tools.demo

test: $(VENV)/.test ## run every test, on a real OpenBao and a real PostgreSQL
	$(RUN)/python -m pytest -n 2 --dist loadfile $(OPTIONS)

browser: $(VENV)/.test ## try the pages for clients in a headless Chromium (Debian: chromium chromium-driver)
	$(RUN)/python -m pytest -m browser $(OPTIONS) tests/vault

check: $(VENV)/.dev ## formatting, lint, types, the direction of imports, the French catalogue
	$(RUN)/ruff format --check
	$(RUN)/ruff check
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/python -m tools.catalogue --check

bench: $(VENV)/.test ## time whole commands, each against a peer in the same run
	$(RUN)/python -m benchmarks.start_up $(OPTIONS)
	$(RUN)/python -m benchmarks.finding
	$(RUN)/python -m benchmarks.import_speed
	$(RUN)/python -m benchmarks.access_report
	$(RUN)/python -m benchmarks.license_register
	$(RUN)/python -m benchmarks.license_batch
	$(RUN)/python -m benchmarks.campaigns
	$(RUN)/python -m benchmarks.onboarding

format: $(VENV)/.dev ## lay the code out
	$(RUN)/ruff format
	$(RUN)/ruff check --fix

catalogue: $(VENV)/.dev ## collect the messages, update the French catalogue, compile it
	$(RUN)/python -m tools.catalogue

lock: ## write requirements/*.txt (OPTIONS=--upgrade for newer versions)
	$(PYTHON) -m tools.lock $(OPTIONS)

clean: ## stop the demo's server and remove everything that was made here
	@if [ -x $(RUN)/opskit ]; then $(RUN)/python -m tools.demo --stop; fi
	rm -rf $(VENV) .demo .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -rf build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment, which grows: demo < test < dev. A stamp says how far it is.
$(VENV)/.demo: requirements/demo.txt pyproject.toml | $(VENV)/.made
	$(call install,demo)
	@touch $@

$(VENV)/.test: requirements/test.txt pyproject.toml | $(VENV)/.made
	$(call install,test)
	@touch $(VENV)/.demo $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/.made
	$(call install,dev)
	@touch $(VENV)/.demo $(VENV)/.test $@

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "opskit needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

define install
@echo "Installing what requirements/$(1).txt locks (a minute, once) ..."
@$(RUN)/python -m pip install -qq --require-hashes -r requirements/$(1).txt
@$(RUN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
endef
