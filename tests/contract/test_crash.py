"""Killed or interrupted at any moment, a store reopens with every acknowledged changeset whole and no partial one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aimsgraph import store

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
#: How many times the writer is killed; the long job has 200.
ROUNDS = int(os.environ.get("AIMSGRAPH_KILL_ROUNDS", "20"))

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import pyoxigraph as ox
from aimsgraph import store
from aimsgraph.store import Change, transaction
transaction.BULK = 40
now = datetime(2026, 9, 30, 12, tzinfo=UTC)
node = ox.NamedNode
place = Path(sys.argv[1])
def quads(number):
    return [ox.Quad(node(f"urn:s{number}"), node("urn:p"), ox.Literal(item)) for item in range(number % 60)]
while True:
    with store.open_writer(place) as writer:
        number = len(store.changesets(writer.view()))
        for turn in range(12):
            if turn % 4 == 3:
                made = writer.replace("urn:g", quads(number + 1), author="a", message="m", now=now)
            elif turn % 4 == 2:
                some = [Change(f"urn:g{n}", "a", "m", quads(number + n)) for n in range(5)]
                made = writer.commit(some, now=now)[-1]
            elif turn % 4 == 1:
                graph = f"urn:fill{number}"
                lines = [f"<urn:s{item:03d}> <urn:p> <urn:o{number}> <{graph}> .\\n".encode() for item in range(200)]
                made = writer.fill(Change(graph, "a", "m"), lines, now=now)
            else:
                made = writer.apply(quads(number + 1), graph="urn:g", author="a", message="m", now=now)
            if made is not None:
                number = made.number
                print(made.number, made.hash, flush=True)
    store.compact(place)
"""

MIGRANT = """
import sys
from pathlib import Path
from aimsgraph import store
print("ready", flush=True)
with store.open_writer(Path(sys.argv[1])):
    print("done", flush=True)
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


def test_a_store_killed_at_any_moment_reopens_whole(tmp_path: Path):
    """Killed while it writes, in transactions, groups or bulk loads, or puts its files in order."""
    folder = tmp_path / "aims.store"
    store.create(folder, now=NOW)
    chance = random.Random(42)  # noqa: S311 - moments to kill at, not secrets
    known: list[str] = []
    for _ in range(ROUNDS):
        writer = run(WRITER, str(folder))
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(chance.randrange(1, 12))]
        time.sleep(chance.random() / 20)
        # Everything acknowledged before the kill must be there after it; the pipe holds what was told.
        writer.kill()
        told += writer.communicate()[0].splitlines()
        acknowledged = dict(
            line.split() for line in told if len(line.split()) == 2 and len(line.split()[1]) == 71
        )
        there = {changeset.number: changeset.hash for changeset in store.changesets(store.open_view(folder))}
        assert list(there) == list(range(1, len(there) + 1))
        assert list(there.values())[: len(known)] == known
        assert {number: there.get(int(number)) for number in acknowledged} == acknowledged
        known = list(there.values())
        assert store.verify(folder).first_difference is None
    with store.open_writer(folder) as last:
        assert last.head == known[-1]


def test_a_migration_killed_at_any_moment_is_done_by_the_next_writer(tmp_path: Path):
    chance = random.Random(42)  # noqa: S311 - moments to kill at, not secrets
    rounds = max(5, ROUNDS // 2)
    for number in range(rounds):
        with tarfile.open(ROOT / "tests" / "unit" / "store" / "format-1.tar.gz") as archive:
            archive.extractall(tmp_path / str(number), filter="data")
        folder = tmp_path / str(number) / "format-1.store"
        migrant = run(MIGRANT, str(folder))
        assert migrant.stdout is not None
        migrant.stdout.readline()
        time.sleep(number / rounds / 6 + chance.random() / 60)
        migrant.kill()
        migrant.communicate()
        assert store.manifest(folder).format in {1, store.FORMAT}
        assert len(store.changesets(store.open_view(folder))) == 4
        with store.open_writer(folder):
            pass
        assert store.manifest(folder).format == store.FORMAT
        assert store.verify(folder).first_difference is None


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
