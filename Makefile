# The two commands of a newcomer: `make serve` and `make test`. Needs Python 3.11 and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: install install-dev install-training system serve test test-milvus milvus-consistency soak pictures examples lint types check dist clean

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

# Debian keeps what `venv` needs in a package of its own.
$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.exit("Newsquote needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq \
	  && apt-get install -y -qq --no-install-recommends python3-venv; } \
	  || { echo "Python's venv is missing: sudo apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: requirements.txt $(VENV)/.venv
	$(RUN) -m pip install --quiet --disable-pip-version-check "$$(grep '^torch==' requirements.txt)"
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

install-training: install-dev
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-training.txt

serve: install
	$(RUN) -m service serve

# What some tests drive. It is installed where that needs no asking, as root with apt; without it, those tests are skipped.
system:
	@if command -v chromium >/dev/null && command -v strace >/dev/null && ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq \
	  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation2 postgresql strace; \
	else echo "To run the tests that are skipped: sudo apt-get install chromium postgresql strace"; fi

# Several files of tests at a time, in processes that have models, a server and a browser of their own. Those that start the
# program itself come first, as they take longest.
test: install-dev system
	$(RUN) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder tests/test_*.py tests/*/

# Fuzzing and killing at length, an hour and a quarter on two quiet cores. The figures go to benchmarks/results/soak.md.
soak: install-dev system
	$(RUN) -m pytest --soak -m soak

# The README's pictures, of the starter articles.
pictures: install-dev system
	$(RUN) -m pytest --pictures tests/pages/test_pictures.py

# The answers that the API's page shows, of the starter articles.
examples: install-dev
	$(RUN) -m pytest --examples tests/service/web/api/test_examples.py

# The newest Milvus server that needs no container, 57 MB, which nothing else here needs. It has a network of its own, as it
# listens on all addresses, and so have its processes, as it leaves some behind.
MILVUS := $(VENV)/milvus-server
WITH_MILVUS = PYTHONPATH=$(MILVUS) unshare --map-root-user --net --pid --fork --kill-child --mount-proc $(RUN) -m tests.milvus.server
TRIES ?= 50

$(MILVUS): $(VENV)/.installed-dev
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --target $@ milvus==2.3.5

# What can be tested with it; NEWSQUOTE_TEST_MILVUS_URI=http://... .venv/bin/python -m pytest tests/milvus does it with any other.
test-milvus: $(MILVUS)
	$(WITH_MILVUS) $(RUN) -m pytest tests/milvus

milvus-consistency: $(MILVUS)
	$(WITH_MILVUS) $(RUN) -m benchmarks.consistency --tries $(TRIES)

lint: install-dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .

types: install-dev
	$(VENV)/bin/mypy

check: lint types test

# A wheel and an sdist in dist/, see docs/installation.md.
dist: install-dev
	rm -rf dist
	$(RUN) -m build --no-isolation
	rm -rf newsquote.egg-info

clean:
	rm -rf $(VENV)
