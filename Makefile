# The Reader's Turn. `make` by itself lists what can be made.

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV_PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup study test test-browser test-lab test-cluster chromium lint notebooks site bench train train-changes lock clean FORCE

# Nothing that is set up for other work may reach into this project, or this project into it.
unexport CONDA_PREFIX VIRTUAL_ENV PYTHONHOME PYTHONPATH PYTHONWARNINGS MPLBACKEND MATPLOTLIBRC
unexport PIP_PREFIX PIP_REQUIRE_HASHES PIP_REQUIRE_VIRTUALENV PIP_TARGET PIP_USER
unexport UV_BREAK_SYSTEM_PACKAGES UV_PREFIX UV_PYTHON UV_SYSTEM_PYTHON UV_TARGET
# Without compiled files every kernel and every test run would compile spaCy, pandas and matplotlib anew.
unexport PYTHONDONTWRITEBYTECODE
# uv would fetch a Python of its own when it finds none that it likes.
export UV_PYTHON_DOWNLOADS := never
# Kernels of the same name, start-up files and styles that the user has elsewhere.
export JUPYTER_PATH := $(CURDIR)/.venv/share/jupyter
export JUPYTER_CONFIG_DIR := $(CURDIR)/.venv/settings-jupyter
export IPYTHONDIR := $(CURDIR)/.venv/settings-ipython
export MPLCONFIGDIR := $(CURDIR)/.venv/settings-matplotlib

# Looked at here and not in a recipe, because an error here is one line.
ifneq ($(filter-out help clean,$(MAKECMDGOALS)),)
ASKED := $(shell "$(PYTHON)" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
ifeq ($(filter 3.11 3.12 3.13,$(ASKED)),)
$(error This project runs on Python 3.11, 3.12 or 3.13, and "$(PYTHON)" is $(or $(ASKED),none); name another one: make $(firstword $(MAKECMDGOALS)) PYTHON=python3.12)
endif
ifneq ($(shell "$(PYTHON)" -I -c 'import ensurepip, venv; print("both")' 2>/dev/null),both)
$(error "$(PYTHON)" has no venv module; on Debian and Ubuntu it comes with: apt install python3-venv)
endif
# A .venv belongs to one Python and, as its scripts hold absolute paths, to one folder.
WANTED := $(ASKED) $(CURDIR)
FOUND := $(shell $(VENV_PYTHON) -I -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null && cat .venv/made-for 2>/dev/null)
ifneq ($(FOUND),$(ASKED) $(WANTED))
.venv/ready: FORCE
endif
# The interpreter itself, should PYTHON be the one of an activated environment, maybe of the .venv to be remade.
BASE_PYTHON := $(shell "$(PYTHON)" -I -c 'import sys; print(sys._base_executable)')
endif

# Before anything is installed for it, and in one line, as above. tests/test_bench.py compares the files with data.py.
ifneq ($(filter bench,$(MAKECMDGOALS)),)
ifeq ($(DATA),)
$(error make bench reads public data in place and was not told where they are; benchmarks/README.md says which they are, then: make bench DATA=folder)
endif
BENCH_FILES := newsmtsc-mt-dev.jsonl newsmtsc-rw-dev.jsonl mams-val.xml essays-dev.conll.gz shift-dev.jsonl shift-dev-2.jsonl
BENCH_LACKS := $(shell for file in $(BENCH_FILES); do test -f "$(DATA)/$$file" || echo "$$file"; done)
ifneq ($(BENCH_LACKS),)
$(error $(DATA) lacks $(BENCH_LACKS); benchmarks/README.md says where the data come from, then: make bench DATA=folder)
endif
# What the peers are installed for, as above.
ifneq ($(shell cat .venv-bench/made-for 2>/dev/null),$(WANTED))
.venv-bench/ready: FORCE
endif
endif

ifneq ($(filter train train-changes,$(MAKECMDGOALS)),)
ifeq ($(DATA),)
$(error make train reads public data in place and was not told where they are; training/README.md says which they are, then: make train DATA=folder)
endif
ifneq ($(shell cat .venv-train/made-for 2>/dev/null),$(WANTED))
.venv-train/ready: FORCE
endif
endif

ifneq ($(filter test-browser test-lab,$(MAKECMDGOALS)),)
ifneq ($(shell cat .venv-browser/made-for 2>/dev/null),$(WANTED))
.venv-browser/ready: FORCE
endif
endif

ifneq ($(filter test-cluster,$(MAKECMDGOALS)),)
ifneq ($(shell cat .venv-cluster/made-for 2>/dev/null),$(WANTED))
.venv-cluster/ready: FORCE
endif
endif

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile
	@echo 'With another Python: make study PYTHON=python3.12'

setup: .venv/ready ## install what the study needs into .venv (the others do this first)

# The stamp comes last, so that an interrupted set-up is done again. The sources are not among what it depends on:
# they are installed editable. uv asks the network even for what is installed, hence a lock whose content is the one
# that was installed is passed over: a new date, which git gives it when branches change, costs nothing.
.venv/ready: requirements.lock pyproject.toml
	@echo 'Setting up .venv with Python $(ASKED) (downloads, a minute or so, when there is anything new) ...'
	@test "$(FOUND)" = "$(ASKED) $(WANTED)" || { \
		rm -rf .venv && "$(BASE_PYTHON)" -m venv .venv && echo "$(WANTED)" > .venv/made-for; }
	@cmp -s requirements.lock .venv/installed.lock || { \
		rm -f .venv/installed.lock && \
		$(VENV_PYTHON) -m pip install --quiet --quiet --disable-pip-version-check uv==$(UV_VERSION) && \
		$(VENV_PYTHON) -m uv pip sync --quiet --python $(VENV_PYTHON) --require-hashes requirements.lock && \
		cp requirements.lock .venv/installed.lock; }
	@$(VENV_PYTHON) -m uv pip install --quiet --python $(VENV_PYTHON) --no-deps --no-build-isolation --editable .
	@touch $@

study: site ## run the whole study and print its finding
	@echo
	@$(VENV_PYTHON) -m analysis read data/raw/networking-sucks.txt --targets data/targets.csv
	@echo
	@echo 'Where to look next:'
	@echo '  build/site/index.html   the study as pages, for a browser'
	@echo '  notebooks/              the same as notebooks; build/notebooks/ has the copies that were run just now'
	@echo '  README.md               what it found, how sure that is, and how to read your own texts'

test: lint ## run every check and test, every notebook included
	@$(VENV_PYTHON) -m pytest -q
	@$(VENV_PYTHON) -m pytest -q --nbval --nbval-current-env --nbval-cell-timeout=300 notebooks

test-browser: site .venv-browser/ready chromium ## try the pages in a real browser (installs Debian's chromium if it may)
	@.venv-browser/bin/python -m pytest -q -c tests/browser/pytest.ini tests/browser/test_pages.py

test-lab: .venv-browser/ready chromium ## run notebook 04 in JupyterLab in a real browser, which takes half a minute
	@.venv-browser/bin/python -m pytest -q -c tests/browser/pytest.ini tests/browser/test_lab.py

test-cluster: .venv-cluster/ready ## read a corpus on Dask and compare, which takes half a minute
	@PYTHONPATH=src .venv-cluster/bin/python -m pytest -q -c tests/cluster/pytest.ini tests/cluster

# As .venv-bench: what only a cluster needs is no part of the study's own set-up.
.venv-cluster/ready: requirements-cluster.lock | setup
	@cmp -s requirements-cluster.lock .venv-cluster/installed.lock && test "$$(cat .venv-cluster/made-for)" = "$(WANTED)" || { \
		echo 'Setting up .venv-cluster with Dask (downloads, a minute or so, when there is anything new) ...' && \
		rm -rf .venv-cluster && "$(BASE_PYTHON)" -m venv --without-pip .venv-cluster && \
		$(VENV_PYTHON) -m uv pip sync --quiet --python .venv-cluster/bin/python --require-hashes requirements-cluster.lock && \
		cp requirements-cluster.lock .venv-cluster/installed.lock && echo "$(WANTED)" > .venv-cluster/made-for; }
	@touch $@

# The driver is ten times the size of all that it drives here, hence an environment of its own; its browser is the one
# that the system has.
.venv-browser/ready: tests/browser/requirements.lock | setup
	@cmp -s tests/browser/requirements.lock .venv-browser/installed.lock && test "$$(cat .venv-browser/made-for)" = "$(WANTED)" || { \
		echo 'Setting up .venv-browser with what drives a browser (downloads, when there is anything new) ...' && \
		rm -rf .venv-browser && "$(BASE_PYTHON)" -m venv --without-pip .venv-browser && \
		$(VENV_PYTHON) -m uv pip sync --quiet --python .venv-browser/bin/python --require-hashes tests/browser/requirements.lock && \
		cp tests/browser/requirements.lock .venv-browser/installed.lock && echo "$(WANTED)" > .venv-browser/made-for; }
	@touch $@

chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
		if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
			echo 'Installing chromium ...' && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
		else echo 'No browser was found. Install one, on Debian and Ubuntu: apt install chromium' >&2; exit 2; fi

lint: setup ## check the style and the types of the code
	@$(VENV_PYTHON) -m ruff check
	@$(VENV_PYTHON) -m ruff format --check || { echo 'To mend the layout: $(VENV_PYTHON) -m ruff format' >&2; exit 1; }
	@$(VENV_PYTHON) -m mypy

notebooks: setup ## run the stored notebooks from top to bottom and store them with their outputs
	@$(VENV_PYTHON) docs/build.py notebooks
	@$(VENV_PYTHON) docs/readme.py

site: setup ## run copies of the notebooks and make pages of them in build/site
	@$(VENV_PYTHON) docs/build.py site

bench: .venv-bench/ready ## measure the claims on public data: make bench DATA=folder (benchmarks/README.md)
	@PYTHONPATH=src .venv-bench/bin/python benchmarks/bench.py "$(DATA)"

# An environment of its own, because nothing in the project may lean on the peers. Made by uv from .venv, and not from
# our own sources, which are on PYTHONPATH instead.
.venv-bench/ready: benchmarks/requirements.lock | setup
	@cmp -s benchmarks/requirements.lock .venv-bench/installed.lock && test "$$(cat .venv-bench/made-for)" = "$(WANTED)" || { \
		echo 'Setting up .venv-bench with the peers (downloads, a minute or so, when there is anything new) ...' && \
		rm -rf .venv-bench && "$(BASE_PYTHON)" -m venv --without-pip .venv-bench && \
		$(VENV_PYTHON) -m uv pip sync --quiet --python .venv-bench/bin/python --require-hashes benchmarks/requirements.lock && \
		cp benchmarks/requirements.lock .venv-bench/installed.lock && echo "$(WANTED)" > .venv-bench/made-for; }
	@touch $@

train: .venv-train/ready ## train the encoder anew, about an hour on two cores: make train DATA=folder (training/README.md)
	@$(TRAIN_PYTHON) training/make.py "$(DATA)"
	@PYTHONPATH=src $(VENV_PYTHON) benchmarks/names.py --card src/analysis/encoder/CARD.md

train-changes: .venv-train/ready ## train the encoder for changes of belief anew, an hour and a half on two cores: make train-changes DATA=folder
	@PYTHONPATH=src $(TRAIN_PYTHON) training/make_changes.py "$(DATA)"

# What trains needs torch, which nothing else does. Another environment that has it serves as well: make train TRAIN_PYTHON=...
TRAIN_PYTHON ?= .venv-train/bin/python
.venv-train/ready: training/requirements.lock training/base.lock | setup
ifeq ($(TRAIN_PYTHON),.venv-train/bin/python)
	@cmp -s training/requirements.lock .venv-train/installed.lock && test "$$(cat .venv-train/made-for)" = "$(WANTED)" || { \
		echo 'Setting up .venv-train with torch (downloads of gigabytes, when there is anything new) ...' && \
		rm -rf .venv-train && "$(BASE_PYTHON)" -m venv --without-pip .venv-train && \
		$(VENV_PYTHON) -m uv pip sync --quiet --python .venv-train/bin/python --require-hashes training/requirements.lock && \
		$(VENV_PYTHON) -m uv pip install --quiet --python .venv-train/bin/python --no-deps --require-hashes -r training/base.lock && \
		cp training/requirements.lock .venv-train/installed.lock && echo "$(WANTED)" > .venv-train/made-for; }
	@touch $@
endif

lock: setup ## choose the versions of requirements.lock anew from the ranges in pyproject.toml
	@$(VENV_PYTHON) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' \
		--group notebooks --group dev pyproject.toml --output-file requirements.lock
	@$(VENV_PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' \
		--constraint requirements.lock benchmarks/requirements.in pyproject.toml --output-file benchmarks/requirements.lock
	@$(VENV_PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' \
		--constraint requirements.lock tests/browser/requirements.in --output-file tests/browser/requirements.lock
	@$(VENV_PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' --extra cluster \
		--constraint requirements.lock tests/cluster/requirements.in pyproject.toml --output-file requirements-cluster.lock
	@$(VENV_PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' training/requirements.in --output-file training/requirements.lock

clean: ## remove what was made, .venv apart
	@rm -rf build .hypothesis .mypy_cache .pytest_cache .ruff_cache
