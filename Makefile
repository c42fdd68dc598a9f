# Every goal does its own set-up: a fresh clone needs nothing but Python 3.11 or newer and make.
#   make run    the window (on a machine without a display: the demo model's pictures in out/)
#   make test   the whole suite              make check  lint and suite, as before a commit
#   make setup  only .venv                   make bench  the benchmarks
# ARGS goes to the program: make run ARGS="doctor", make test ARGS="-k recipe"

PYTHON ?=
ARGS ?=
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: run test setup check lint bench qt
.DEFAULT_GOAL := run

run: qt
	@$(BIN)/python main.py $(ARGS)

test: qt
	@$(BIN)/python -m pytest -n logical --dist loadfile $(ARGS)

bench: qt
	@$(BIN)/python -m benchmarks $(ARGS)

check: lint test

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(BIN)/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        $$python -m venv .venv && exit 0; \
	        rm -rf .venv; echo "On Debian and Ubuntu, type: sudo apt-get install python3-venv"; exit 1; \
	    fi; \
	done; echo "Latent Explorer needs Python 3.11 or newer; name yours with: make run PYTHON=/path/to/python"; exit 1

# Qt's wheels leave these libraries to the system. On Debian and Ubuntu they are installed when they are missing.
qt: setup
	@if [ "$$(uname -s)" = Linux ] && ldd $(BIN)/../lib/python3*/site-packages/PyQt6/Qt6/plugins/platforms/libq[xo][cf]*.so \
	        2>/dev/null | grep -q 'not found'; then \
	    packages="$$($(BIN)/python -c 'from engine.display import QT_PACKAGES; print(QT_PACKAGES)')"; \
	    root=$$( [ "$$(id -u)" = 0 ] || echo "sudo -n" ); \
	    if command -v apt-get >/dev/null && $$root true 2>/dev/null; then \
	        echo "Installing the shared libraries that Qt needs"; \
	        $$root env DEBIAN_FRONTEND=noninteractive sh -c "apt-get -qq update; apt-get -qq install -y \
	            --no-install-recommends $$packages" </dev/null || echo "To install them, type: sudo apt-get install $$packages"; \
	    elif command -v apt-get >/dev/null; then \
	        echo "Qt misses shared libraries. Type: sudo apt-get install $$packages"; \
	    else \
	        echo "Qt misses shared libraries; your system's packages for EGL, GL, fontconfig, D-Bus, xkbcommon and xcb-util have them."; \
	    fi; \
	fi
