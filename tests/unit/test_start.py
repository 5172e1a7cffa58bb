"""What a short command does not need is not imported with it: most of its time is its start."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Each takes as long to import as a good part of all that a short command does.
LATE = ("networkx", "pyshacl", "requests", "rdflib.plugins.sparql.parser", "jinja2", "graphviz")


@pytest.mark.parametrize(
    "module", ["aimsgraph.cli.dependency", "aimsgraph.engine", "aimsgraph.cli.validation"]
)
def test_what_few_commands_need_is_imported_only_by_them(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {LATE!r} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
