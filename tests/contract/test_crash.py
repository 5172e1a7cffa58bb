"""Killed or interrupted at any moment, a store reopens with every acknowledged changeset whole and no partial one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aimsgraph import store

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
KILLS = 8

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import pyoxigraph as ox
from aimsgraph import store
from aimsgraph.store import transaction as module
module.BULK = int(sys.argv[2])
now = datetime(2026, 9, 30, 12, tzinfo=UTC)
node = ox.NamedNode
with store.open_writer(Path(sys.argv[1])) as writer:
    number = len(store.changesets(writer.view()))
    while True:
        quads = [ox.Quad(node(f"urn:s{number}"), node("urn:p"), ox.Literal(item)) for item in range(50)]
        if number % 3 == 2:
            made = writer.replace("urn:g", quads, author="a", message="m", now=now)
        else:
            made = writer.apply(quads, graph="urn:g", author="a", message="m", now=now)
        number += 1
        print(made.number, made.hash, flush=True)
"""

LOADER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from aimsgraph import ingest, store
now = datetime(2026, 9, 30, 12, tzinfo=UTC)
with store.open_writer(Path(sys.argv[1])) as writer:
    def progress(done, total, text):
        print(f"{done / total:.3f}", flush=True)
    ingest.load_files(writer, sys.argv[2:], author="a", now=now, progress=progress)
"""


def run(program: str, *words: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )


@pytest.mark.parametrize("bulk", [10**9, 40], ids=["transactions", "bulk loads"])
def test_a_store_killed_in_the_middle_of_writes_reopens_whole(tmp_path: Path, bulk: int):
    folder = tmp_path / "aims.store"
    store.create(folder, now=NOW)
    chance = random.Random(42)  # noqa: S311 - moments to kill at, not secrets
    acknowledged: list[str] = []
    for _ in range(KILLS):
        writer = run(WRITER, str(folder), str(bulk))
        assert writer.stdout is not None
        for _ in range(chance.randrange(1, 6)):
            writer.stdout.readline()
        time.sleep(chance.random() / 50)
        # Everything acknowledged before the kill must be there after it; the pipe holds what was told.
        writer.kill()
        writer.communicate()
        known = store.changesets(store.open_view(folder))
        assert [changeset.number for changeset in known] == list(range(1, len(known) + 1))
        assert [changeset.hash for changeset in known][: len(acknowledged)] == acknowledged
        assert len(known) > len(acknowledged)
        acknowledged = [changeset.hash for changeset in known]
        assert store.verify(folder).first_difference is None
    with store.open_writer(folder) as last:
        assert last.head == acknowledged[-1]


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path):
    folder = tmp_path / "aims.store"
    store.create(folder, now=NOW)
    writer = run(WRITER, str(folder), str(10**9))
    assert writer.stdout is not None
    told = [writer.stdout.readline().split() for _ in range(5)]
    writer.kill()
    told += [line.split() for line in writer.communicate()[0].splitlines() if line.count(" ") == 1]
    known = [
        [str(changeset.number), changeset.hash] for changeset in store.changesets(store.open_view(folder))
    ]
    assert known[: len(told)] == told


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
@pytest.mark.parametrize("share", [0.05, 0.45, 0.55, 0.7])
def test_ctrl_c_in_the_middle_of_a_load_leaves_the_store_as_it_was(tmp_path: Path, share: float):
    folder = tmp_path / "aims.store"
    store.create(folder, now=NOW)
    with store.open_writer(folder) as writer:
        writer.apply([], graph="urn:g", author="a", message="m", now=NOW)
    before = store.open_view(folder).snapshot
    files = []
    for name in ("a.nt", "b.nt"):
        files.append(str(tmp_path / name))
        lines = (f"<urn:{name}{number}> <urn:p> <urn:{number + 1}> .\n" for number in range(60_000))
        (tmp_path / name).write_text("".join(lines))
    loading = run(LOADER, str(folder), *files)
    assert loading.stdout is not None
    while float(loading.stdout.readline()) < share:
        pass
    loading.send_signal(signal.SIGINT)
    _, said = loading.communicate(timeout=120)
    assert "KeyboardInterrupt" in said
    assert store.open_view(folder).snapshot == before
    assert store.open_view(folder).count() == 0
    assert list((folder / "changesets").iterdir()) == []
    again = run(LOADER, str(folder), *files)
    said, _ = again.communicate(timeout=120)
    assert (again.returncode, said.splitlines()[-1]) == (0, "1.000")
    assert store.verify(folder).intact
    assert store.open_view(folder).count() == 120_000
