# Everything a person does with this project. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.PHONY: help run install test quick check format messages bench soak lock sbom

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

# Each of these files says what is installed; removing .venv or staticfiles starts afresh.
VENV := .venv/pyvenv.cfg
BASE := .venv/.installed-base
DEV := .venv/.installed-dev
STATIC := staticfiles/staticfiles.json

# Tests that read the sources: lengths, names, texts, scripts. `make check` runs them too.
HELD := $(addprefix tests/,architecture/test_decisions.py architecture/test_homonyms.py \
  architecture/test_messages.py architecture/test_scripts.py architecture/test_sizes.py \
  pages/test_templates.py)

help: ## List what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 16

run: $(STATIC) ## Start the dashboard and print its address
	@exec $(BIN)/python manage.py serve

install: $(STATIC) ## Install without starting
	@echo "Installed; start with: make run"

test: $(DEV) $(STATIC) ## Run the tests, on SQLite or on what DATABASE_URL names (ARGS=… goes to pytest)
	@$(BIN)/python -m pytest -n 4 --dist worksteal $(ARGS)

quick: $(DEV) $(STATIC) ## Run in a minute the tests that take little, and print what is left out
	@$(BIN)/python -m pytest -n 2 --dist worksteal --quick $(ARGS)

check: $(DEV) ## Lint, types, imports, lengths, names, texts, migrations, deployment settings
	@DATA_DIR=$$(mktemp -d); export DATA_DIR
	unset DATABASE_URL DEBUG
	set -x
	# Beside the others, since it takes as long as they do.
	$(BIN)/mypy >"$$DATA_DIR/mypy.log" 2>&1 & types=$$!
	trap 'kill $$types 2>/dev/null || true; rm -rf "$$DATA_DIR"' EXIT
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -p no:cacheprovider $(HELD)
	$(BIN)/python -W error manage.py makemigrations --check --dry-run
	SITE_URL=https://assistants.example.org \
	  $(BIN)/python -W error manage.py check --deploy --fail-level WARNING
	wait $$types || failed=$$?
	cat "$$DATA_DIR/mypy.log"
	exit $${failed:-0}

format: $(DEV) ## Put the code into its standard layout
	@$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

messages: $(BASE) ## Extract the texts on screen into locale/en (needs GNU gettext)
	@DATA_DIR=$$(mktemp -d); export DATA_DIR
	trap 'rm -rf "$$DATA_DIR"' EXIT
	$(BIN)/python manage.py makemessages --verbosity 0 --locale en --add-location file --no-obsolete \
	  --ignore bench --ignore tests --ignore requirements
	sed -i.dated '/^"POT-Creation-Date:/d' locale/en/LC_MESSAGES/django.po  # or each run would differ
	rm locale/en/LC_MESSAGES/django.po.dated

bench: $(DEV) $(STATIC) ## Measure speed and memory beside bare Django views (ARGS=--help)
	@$(BIN)/python -m bench $(ARGS)

soak: $(DEV) $(STATIC) ## Kill, cut and race every way of writing, and print what came of it (ARGS=--help)
	@$(BIN)/python -m bench.soak $(ARGS)

lock: .venv/.installed-uv ## Pin the newest packages that pyproject.toml allows, with hashes
	@compile="$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header pyproject.toml"
	$$compile --output-file requirements/base.txt
	$$compile --extra dev --extra saml --extra sentry --extra opentelemetry \
	  --constraint requirements/base.txt --output-file requirements/dev.txt
	$$compile --extra sentry --extra opentelemetry \
	  --constraint requirements/dev.txt --output-file requirements/monitoring.txt
	$$compile --extra saml \
	  --constraint requirements/dev.txt --output-file requirements/saml.txt

sbom: .venv/.installed-uv ## List the packages of a release with their licences, as CycloneDX in sbom.json
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT
	$(BIN)/uv venv --quiet "$$folder"
	$(BIN)/uv pip install --quiet --python "$$folder" --require-hashes --requirement requirements/base.txt
	$(BIN)/uv tool run --quiet --from 'cyclonedx-bom>=7,<8' cyclonedx-py environment "$$folder" \
	  --pyproject pyproject.toml --mc-type application --output-reproducible --output-file sbom.json

$(VENV):
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else
	  "Python 3.11 or newer is needed, and $(PYTHON) is older; say make PYTHON=python3.12, or so.")'
	$(PYTHON) -m venv .venv

$(BASE): $(VENV) requirements/base.txt
	@echo "Installing what the dashboard needs …"
	$(PIP) install --require-hashes --requirement requirements/base.txt
	touch $@

$(DEV): $(VENV) requirements/dev.txt
	@echo "Installing what the tests and checks need …"
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	touch $@ $(BASE)

.venv/.installed-uv: $(VENV)
	@$(PIP) install uv
	touch $@

$(STATIC): $(BASE) $(shell find static)
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
