"""Many processes that write to one folder at once take turns, and nothing of any is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from rdflib import Literal

from aimsgraph import store

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
PROCESSES, TIMES = 8, 5
COUNTER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import pyoxigraph as ox
from aimsgraph import store
from aimsgraph.store.writer import open_writer
now = datetime(2026, 9, 30, 12, tzinfo=UTC)
node, link = ox.NamedNode("urn:counter"), ox.NamedNode("urn:value")
for _ in range(int(sys.argv[2])):
    with open_writer(Path(sys.argv[1]), patience=300) as writer:
        (row,) = writer.view().select("SELECT ?n WHERE { <urn:counter> <urn:value> ?n }")
        old = int(str(row["n"]))
        writer.apply([ox.Quad(node, link, ox.Literal(old + 1))], [ox.Quad(node, link, ox.Literal(old))],
            graph="urn:g", author=sys.argv[3], message="up", now=now, expected=writer.head)
"""


def test_eight_processes_that_count_up_lose_nothing(tmp_path: Path):
    folder = tmp_path / "aims.store"
    store.create(folder, now=NOW)
    with store.open_writer(folder) as writer:
        zero = store.quad_of("urn:counter", "urn:value", Literal(0))
        writer.apply([zero], graph="urn:g", author="a", message="m", now=NOW)
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    counting = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTER, str(folder), str(TIMES), f"p{number}"],
            stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path},
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    for one in counting:
        _, said = one.communicate(timeout=300)
        assert one.returncode == 0, said
    view = store.open_view(folder)
    assert [str(row["n"]) for row in view.select("SELECT ?n WHERE { ?c ?p ?n }")] == [str(PROCESSES * TIMES)]
    made = store.changesets(view)
    assert len(made) == 1 + PROCESSES * TIMES
    assert {one.author for one in made[1:]} == {f"p{number}" for number in range(PROCESSES)}
    assert store.verify(folder).first_difference is None
