# Needs Python 3.11 or later and make; everything else is installed into .venv.
PYTHON ?= python3
PORT ?= 8000
SERVE ?= 1
PYTEST_ARGS ?=
SECONDS ?= 300
READERS ?= 200
ANALYSTS ?= 20
SLOWER ?= 1
VENV := .venv
BIN := $(VENV)/bin
UV := 0.13.9
# What only a bounded child imports, which writes no file: compiled here once, or it would be each time anew.
IN_CHILD := weasyprint fontTools tinycss2 tinyhtml5 cssselect2 pydyf pyphen cffi docx lxml openpyxl numpy scipy/_lib scipy/special

# What is generated, what takes too long for every change, and the journeys, which measure contrast on a phone too.
SOAKED = $(shell grep -rlE 'from hypothesis|HYPOTHESIS_PROFILE|mark.soak' tests --include='test_*.py') tests/browser

# Some machines forbid Python to keep what it has compiled; everything here would start far more slowly.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo annex episodes test soak check audit fmt bench load serve lock clean

help: ## Lists these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.11 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check uv==$(UV) || true
	@$(call install,requirements.txt)
	@$(BIN)/python -m compileall -q $(addprefix $(VENV)/lib/python3.*/site-packages/,$(IN_CHILD)) || true
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(call install,requirements-dev.txt)
	@touch $@

# uv is about five times faster; pip does the same where uv has no wheel.
define install
if [ -x $(BIN)/uv ]; then UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r $(1); \
else $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(1); fi
endef

demo: export APP_ENV = demo
demo: export DEMO_TODAY = 2022-07-07
demo serve: export PUBLIC_URL = http://127.0.0.1:$(PORT)
demo: $(VENV)/.run ## Sets up, loads the real figures, prints the accounts and serves (PORT=8000, SERVE=0 to stop before)
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py set_up_demo --address http://127.0.0.1:$(PORT)/
	@if [ "$(SERVE)" = 1 ]; then exec $(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT); fi

annex: $(VENV)/.run ## Writes a synthetic Annex A workbook to send in under Annex A: var/synthetic-annex-a.xlsx
	@mkdir -p var
	@APP_ENV=demo $(BIN)/python manage.py make_annex_a --reference-date 2022-06-30 --dirt 0.05 --out var/synthetic-annex-a.xlsx

episodes: $(VENV)/.run ## Writes a synthetic SSDA903 return to send in under Money, Placements file: var/synthetic-ssda903/
	@mkdir -p var
	@APP_ENV=demo $(BIN)/python manage.py make_ssda903 --dirt 0.05 --out var/synthetic-ssda903

serve: $(VENV)/.run ## Serves the demonstration without setting it up again
	@APP_ENV=demo DEMO_TODAY=2022-07-07 $(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

test: $(VENV)/.dev ## Sets up and runs every test (REQUIRE_ALL=1: PostgreSQL and Chromium must be there)
	@$(BIN)/python -m pytest -n auto --dist worksteal -q $(PYTEST_ARGS)

soak: $(VENV)/.dev ## Runs all that is generated with many more examples, 20,000 requests among it, and what is too slow for every change
	@HYPOTHESIS_PROFILE=soak SOAK_EXAMPLES=$${SOAK_EXAMPLES:-200} $(BIN)/python -m pytest -n auto --dist worksteal -q $(SOAKED) $(PYTEST_ARGS)

audit: $(VENV)/.dev ## Asks whether a weakness of a dependency is known, or says that it was not checked (needs pip-audit)
	@$(BIN)/python tools/audit.py

check: $(VENV)/.dev ## Format, lint, types, spelling, templates, migrations, documents
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python tools/spelling.py
	@APP_ENV=development $(BIN)/python manage.py makemigrations --check --dry-run
	@APP_ENV=production SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') ALLOWED_HOSTS=example.org DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/python -m pytest -q -p no:randomly tests/test_architecture.py tests/test_docs.py

fmt: $(VENV)/.dev ## Formats the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## Measures speed beside its floors and prints one table of goals (DFE_FILES=folder: the import of published files too)
	@$(BIN)/python tests/bench/bench.py

load: $(VENV)/.dev ## 200 people read and 20 save at once over a PostgreSQL that is stopped and started again (SECONDS=300 SLOWER=1)
	@$(BIN)/python tests/bench/load.py $(SECONDS) $(READERS) $(ANALYSTS) $(SLOWER)

lock: $(VENV)/.run ## Pins the dependencies anew, with hashes
	@$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --upgrade -o requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --upgrade -c requirements.txt -o requirements-dev.txt

clean: ## Removes what was installed and made, the demonstration's database included
	rm -rf $(VENV) var staticfiles test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
