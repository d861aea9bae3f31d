# Everything there is to do with this checkout. `make help` lists it.

VENV ?= .venv
PROFILE ?= profile
# one more than cores, of which two are used: a window's test also waits, for typing to end or for a process
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ "$$n" -gt 2 ] && n=2; echo $$((n + 1)))
ARGS ?=
SIZE ?= 1000000

PY := $(VENV)/bin/python
OFFSCREEN := QT_QPA_PLATFORM=offscreen

# Whoever asks Python to keep nothing compiled has every worker, and each of the many processes that tests start, compile
# all of it again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup environment run test check shots package clean soak lock bench

help:  ## List what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  e.g. make test ARGS='tests/domain -k money'   make run PROFILE=/tmp/desk"

setup:  ## Make the environment with everything, tools included (VENV=.venv)
	@VENV="$(VENV)" sh packaging/setup.sh dev

environment:
	@VENV="$(VENV)" sh packaging/setup.sh run

run: environment  ## Open the window; without a display, play the demo tour and keep its pictures
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || [ "$$(uname)" = Darwin ]; then \
		$(PY) -m travellr_desktop --profile "$(PROFILE)"; \
	else \
		echo "There is no display: the demo tour is played without one, in profile-demo."; \
		rm -rf profile-demo && $(OFFSCREEN) $(PY) -m travellr_desktop demo --profile profile-demo; \
	fi

test: setup  ## Run all tests; the rules in domain/ must be covered to the last branch
ifeq ($(ARGS),)
	$(PY) -m pytest tests/domain -n $(WORKERS) --dist worksteal --cov=travellr_desktop.domain --cov-report=term-missing --cov-fail-under=100
	$(OFFSCREEN) $(PY) -m pytest --ignore=tests/domain -n $(WORKERS) --dist worksteal
else
	$(OFFSCREEN) $(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)
endif

check: setup  ## Style, types, who may import whom, and whether models and migrations agree
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	@mkdir -p build && rm -f build/alembic-check.db*
	$(PY) -m alembic -c migrations/alembic.ini -x file=build/alembic-check.db upgrade heads
	$(PY) -m alembic -c migrations/alembic.ini -x file=build/alembic-check.db check

shots: setup  ## Paint a picture of every screen, light and dark, into docs/pictures
	$(OFFSCREEN) $(PY) -m travellr_desktop.demo.shots docs/pictures

package:  ## Build dist/travellr, a folder that runs by itself, and let it test itself
	@VENV="$(VENV)" sh packaging/setup.sh package
	$(PY) -m PyInstaller --noconfirm --clean --log-level WARN --distpath dist --workpath build/pyinstaller \
		packaging/travellr.spec
	$(OFFSCREEN) dist/travellr/travellr --self-test --json
	@du -sh dist/travellr

soak: setup  ## All tests, also those `make test` leaves out, and a much longer search for counter-examples
	HYPOTHESIS_PROFILE=soak $(OFFSCREEN) $(PY) -m pytest -m "" -o faulthandler_timeout=3600 -n $(WORKERS) --dist worksteal $(ARGS)

bench: setup  ## Compare with Qt's own models, bare SQLite and plain copies at SIZE bookings (1000000); build/bench.json
	$(OFFSCREEN) $(PY) tests/benchmarks/bench.py --size $(SIZE) $(ARGS)

lock:  ## Make the lock files anew from pyproject.toml (needs uv; UV=uv)
	sh packaging/lock.sh

clean:  ## Remove what was built; the environment and profiles stay
	rm -rf build dist shots .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find travellr_desktop tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
