# Two commands matter: `make run` opens the designer, `make test` runs every check.
# PYTHON names another interpreter: make run PYTHON=python3.12

PYTHON ?= python3
VENV := .venv/bin/python

export PYTHONDONTWRITEBYTECODE ?=
export PIP_ROOT_USER_ACTION := ignore

.PHONY: run test check format bench slow clean designer-environment test-environment diagram-parsers library-alone

run: designer-environment
	@$(VENV) packaging/run_demo.py

test: test-environment diagram-parsers library-alone check
	QT_QPA_PLATFORM=offscreen $(VENV) -m pytest --numprocesses=auto --cov --cov-report=
	$(VENV) -m coverage report --include='flexiflow/*' --fail-under=95
	$(VENV) -m coverage report --include='designer/*' --fail-under=85

check: test-environment
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy
	$(VENV) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

format: test-environment
	$(VENV) -m ruff check --fix .
	$(VENV) -m ruff format .

# Messages a second, memory and loading, beside other libraries: some minutes on a quiet machine.
bench:
	@$(PYTHON) packaging/environment.py bench
	$(VENV) -m benchmarks

# What takes too long for every day: processes are killed a hundred times while they write, and a
# flow runs for a hundred thousand messages at full speed.
slow: test-environment
	FLEXIFLOW_KILL_ROUNDS=100 $(VENV) -m pytest tests/flexiflow/extras/test_killed_while_writing.py
	FLEXIFLOW_FULL_SPEED=100000 QT_QPA_PLATFORM=offscreen $(VENV) -m pytest tests/e2e/test_full_speed.py

# What draws our diagrams elsewhere: Graphviz' dot and Mermaid's own parser. Root gets dot installed;
# the tests that need what is still missing then skip, and say so.
diagram-parsers:
	@command -v dot >/dev/null || [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends graphviz; } >/dev/null 2>&1 || true
	@command -v dot >/dev/null || echo "No dot (package graphviz): diagrams are not tried with Graphviz."
	@if [ -d build/mermaid/node_modules/mermaid ]; then :; \
	elif command -v npm >/dev/null; then \
		npm install --silent --no-audit --no-fund --prefix build/mermaid mermaid@11 jsdom || \
		echo "npm could not install Mermaid's parser: diagrams are not tried with it."; \
	else echo "No npm: Mermaid diagrams are not tried with Mermaid's own parser."; fi

# The engine without any extra in an environment of its own; done again when the library has changed.
library-alone:
	@$(PYTHON) packaging/check_library_alone.py

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*

designer-environment:
	@$(PYTHON) packaging/environment.py designer

test-environment:
	@$(PYTHON) packaging/environment.py designer api reload dev
