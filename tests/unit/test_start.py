"""What a short command does not need is not imported with it: most of its time is its start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aimsgraph.query.execution import WORKER

#: Each takes as long to import as a good part of all that a short command does.
LATE = ("networkx", "pyshacl", "requests", "rdflib.plugins.sparql.parser", "jinja2", "graphviz")


@pytest.mark.parametrize(
    "module", ["aimsgraph.cli.dependency", "aimsgraph.engine", "aimsgraph.cli.validation"]
)
def test_what_few_commands_need_is_imported_only_by_them(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {LATE!r} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_the_process_of_a_question_loads_little_beside_the_engine() -> None:
    late = {"dataclasses", "inspect", "pathlib", "aimsgraph.errors", "rdflib"}
    code = (
        "import sys; before = set(sys.modules); sys.path.append(sys.argv[1]); import worker; worker.enter();"
        "import aimsgraph.query.confinement, aimsgraph.query.writing;"
        f"print(sorted({late!r} & (set(sys.modules) - before)))"
    )
    folder = Path(WORKER[-1]).parent
    assert subprocess.check_output([sys.executable, "-P", "-c", code, folder], text=True).strip() == "[]"
