# The recipes of the house; `just check` is what CI runs. `python3 bootstrap.py test` sets up and calls it.
set shell := ["bash", "-euo", "pipefail", "-c"]

python := env("AIMSGRAPH_VENV", justfile_directory() / ".venv") / "bin"

# List the recipes.
default:
    @{{python}}/just --list

# Everything that must hold: style, types, the direction of imports, and the tests.
check: lint types layers test

# Style, and the reasons beside every exception to it.
lint:
    {{python}}/ruff check .
    {{python}}/ruff format --check .
    {{python}}/python -m aimsgraph.reference.layout --check
    {{python}}/python -m aimsgraph.reference.terms

# Static types, strictly.
types:
    {{python}}/mypy

# Imports go down only.
layers:
    {{python}}/lint-imports

# The tests, side by side on all cores; each takes over from another in large runs, so that few servers start twice.
test *arguments:
    {{python}}/pytest --numprocesses auto --dist worksteal {{arguments}}

# The tests with branch coverage.
coverage:
    {{python}}/pytest --numprocesses auto --dist worksteal --cov --cov-report term

# Run the commands that the pages quote and write what they print into the pages; document the ontology anew.
docs:
    rm -rf docs/ontology
    {{python}}/aimsgraph docs --output docs/ontology
    AIMSGRAPH_REWRITE_DOCS=1 {{python}}/pytest --quiet tests/docs

# Write the crosswalks as SSSOM tables, each beside its Turtle.
sssom:
    {{python}}/python -m aimsgraph.reference.sssom

# Write the code in the house's style.
format:
    {{python}}/ruff check --fix .
    {{python}}/ruff format .
    {{python}}/python -m aimsgraph.reference.layout

# Resolve the pinned, hashed requirements anew (needs uv).
lock:
    uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml requirements/build.in --extra all --output-file requirements/run.txt
    uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml requirements/build.in --extra all --group dev --output-file requirements/dev.txt
    uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml requirements/build.in --extra all --group dev --group bench --output-file requirements/bench.txt

# Install what the benches compare us with.
bench-tools:
    {{python}}/pip install --quiet --no-deps --require-hashes --requirement requirements/bench.txt

# Build the sdist and the wheel.
build:
    {{python}}/python -m build --no-isolation

# Editors and readers on a server whose processes are killed at random, for so many minutes.
mixed-load minutes="10":
    AIMSGRAPH_LOAD_MINUTES={{minutes}} {{python}}/pytest tests/api/test_mixed_load.py

# The tests that kill a writer at random moments, for long.
kill-rounds rounds="200":
    AIMSGRAPH_KILL_ROUNDS={{rounds}} {{python}}/pytest tests/contract/test_crash.py tests/contract/test_remote_writing.py
