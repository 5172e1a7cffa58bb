"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

import aimsgraph

#: Takes the folder of a new store, and gives the graph in it.
NewStore: TypeAlias = Callable[[Path], "aimsgraph.Graph"]

ROOT = Path(__file__).resolve().parent.parent


#: Bytes that have to be free in memory for the tests to keep their stores there.
ROOM = 4 * 1024**3


def pytest_configure() -> None:
    """Keep temporary folders in memory where there is room: thousands of stores are written, and none has to last."""
    memory = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of this user's own in it
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
    # What a shell starts in the background ignores Ctrl-C, and the programs that tests interrupt would inherit that.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # The program is started hundreds of times: where nothing compiled may be kept, most of each start is compiling.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files that others published; tests that need it skip, visibly, where it is absent."""
    folder = Path(os.environ.get("AIMSGRAPH_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder} (set AIMSGRAPH_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> NewStore:
    """What ``aimsgraph.init`` does, quicker: a copy of a store in which nothing is but the ontology."""
    made = aimsgraph.init(tmp_path_factory.mktemp("new") / "aims.store").path

    def copied(place: Path) -> aimsgraph.Graph:
        shutil.copytree(made, place)
        return aimsgraph.open(place)

    return copied


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the tour was run: ``aimsgraph-demo/meridian.store`` and the files it writes."""
    folder = tmp_path_factory.mktemp("tour")
    done = subprocess.run(
        [sys.executable, "-m", "aimsgraph", "demo"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (folder / "tour.txt").write_text(done.stdout, encoding="utf-8")
    return folder
