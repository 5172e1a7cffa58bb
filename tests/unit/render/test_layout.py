from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aimsgraph.errors import LimitExceededError, TimeLimitError
from aimsgraph.render.layout import lay_out

SOURCES = Path(__file__).resolve().parents[3] / "src"
WITHOUT_GRAPHVIZ = """
import sys
from importlib.abc import MetaPathFinder

class Hidden(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] == "pygraphviz":
            raise ModuleNotFoundError(name)
        return None

sys.meta_path.insert(0, Hidden())
from aimsgraph.errors import MissingExtraError
from aimsgraph.model.node import NodeRef
from aimsgraph.render.diagram import diagram
from aimsgraph.render.report import report_html

drawn = diagram("t", [NodeRef(id="urn:x", type="aims:Model", label="M")], [])
assert drawn.render("dot").startswith(b"digraph")
assert drawn.render("mermaid").startswith(b"---")
try:
    drawn.render("png")
except MissingExtraError as error:
    print(error.code, error)
"""


def run_alone(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a Python of its own with no `dot` on its PATH."""
    environment = {**os.environ, "PATH": str(folder), "PYTHONPATH": str(SOURCES)}
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False
    )


def test_without_graphviz_the_message_says_how_to_get_it(tmp_path: Path) -> None:
    done = run_alone(WITHOUT_GRAPHVIZ, tmp_path)
    assert done.stderr == ""
    assert done.stdout == (
        "missing-extra Graphviz, which draws the PNG, is not installed: no program `dot`, no pygraphviz. "
        "Install it with `pip install 'aimsgraph[picture]'`, or ask for the formats dot or mermaid.\n"
    )


def test_the_wheels_graphviz_draws_without_a_dot_program_and_without_a_word(tmp_path: Path) -> None:
    pytest.importorskip("pygraphviz")
    program = "from aimsgraph.render.layout import lay_out\nprint(lay_out('digraph { a -> b }', 'svg').decode()[-7:])"
    done = run_alone(program, tmp_path)
    assert (done.stdout.strip(), done.stderr) == ("</svg>", "")


def test_a_dot_program_on_the_path_goes_first(tmp_path: Path) -> None:
    program = tmp_path / "dot"
    program.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:], len(sys.stdin.read()))\n")
    program.chmod(0o755)
    done = run_alone(
        "from aimsgraph.render.layout import lay_out\nprint(lay_out('digraph {}', 'png'))", tmp_path
    )
    assert done.stdout == """b"['-Tpng', '-Gdpi=144'] 10\\n"\n"""


def test_a_layout_that_takes_too_long_is_stopped() -> None:
    edges = "".join(f"n{a} -> n{(a * a + b * 7919) % 4000};" for a in range(4000) for b in range(1, 4))
    with pytest.raises(TimeLimitError, match=r"longer than 0\.3 seconds"):
        lay_out(f"digraph {{ {edges} }}", "svg", timeout=0.3)


def test_what_graphviz_refuses_is_an_error_with_its_reason() -> None:
    with pytest.raises(LimitExceededError, match="could not draw"):
        lay_out("digraph { a -> ", "svg")
