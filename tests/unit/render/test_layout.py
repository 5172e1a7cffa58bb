from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aimsgraph.errors import LimitExceededError, TimeLimitError
from aimsgraph.render import layout_worker
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


SLOW_DOT = """#!{python}
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open({pids!r} + ".part", "w").write(f"{{os.getpid()}} {{child.pid}}")
os.rename({pids!r} + ".part", {pids!r})
time.sleep(600)
"""


def slow_dot(folder: Path) -> Path:
    """Put a `dot` into the folder that starts another program and never ends; return where it writes their ids."""
    pids, program = folder / "pids", folder / "dot"
    program.write_text(SLOW_DOT.format(python=sys.executable, pids=str(pids)))
    program.chmod(0o755)
    return pids


def still_runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"  # killed, and not yet buried by its new parent


def await_end(pids: Path) -> None:
    """Return when all these processes have ended; a test that hangs here has found some that have not."""
    for pid in map(int, pids.read_text().split()):
        while still_runs(pid):
            time.sleep(0.01)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes by way of /proc")
def test_a_layout_that_is_stopped_leaves_no_process_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = slow_dot(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TimeLimitError, match="--collapse type or system"):
        lay_out("digraph {}", "svg", timeout=3)
    await_end(pids)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes by way of /proc")
def test_a_program_that_is_interrupted_takes_its_layout_along(tmp_path: Path) -> None:
    pids = slow_dot(tmp_path)
    environment = {**os.environ, "PATH": str(tmp_path), "PYTHONPATH": str(SOURCES)}
    program = "from aimsgraph.render.layout import lay_out\nlay_out('digraph {}', 'svg', timeout=600)"
    with subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.PIPE) as asking:
        while not pids.exists():
            assert asking.poll() is None
            time.sleep(0.01)
        asking.send_signal(signal.SIGINT)
        _, complaint = asking.communicate()
    assert b"KeyboardInterrupt" in complaint
    await_end(pids)


def test_the_wheels_graphviz_ends_by_itself_when_nobody_stops_it() -> None:
    """The asking program may itself be killed: then only the limit on the processor's time is left."""
    pytest.importorskip("pygraphviz")
    worker = Path(layout_worker.__file__)
    edges = "".join(f"n{a} -> n{(a * a + b * 7919) % 4000};" for a in range(4000) for b in range(1, 4))
    done = subprocess.run(
        [sys.executable, "-P", str(worker), "1", "svg"], input=f"digraph {{ {edges} }}".encode(),
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode < 0, done.stdout) == (True, b"")


def test_what_graphviz_refuses_is_an_error_with_its_reason() -> None:
    with pytest.raises(LimitExceededError, match="could not draw"):
        lay_out("digraph { a -> ", "svg")
