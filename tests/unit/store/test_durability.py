"""What was acknowledged is on the disk: a power cut takes back only what the system was not told to write."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from pathlib import Path

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.errors import StoreUnusableError
from aimsgraph.store import durability
from aimsgraph.store.durability import Durability
from aimsgraph.store.still import DATABASE, VIEWS, copy_database
from tests.unit.store.conftest import G1, NOW, quad

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="what is synced is seen in /proc")


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> dict[int, bytes]:
    """What each file (by its inode) held when it was last brought to the disk."""
    contents: dict[int, bytes] = {}
    sync = os.fsync

    def remember(descriptor: int) -> None:
        sync(descriptor)
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode):
            contents[status.st_ino] = Path(f"/proc/self/fd/{descriptor}").read_bytes()

    monkeypatch.setattr(os, "fsync", remember)
    return contents


def after_power_cut(folder: Path, synced: dict[int, bytes], target: Path) -> Path:
    """Copy a store whose writer is at work as the disk has it: of its log what was synced and no byte more."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns(DATABASE, VIEWS))
    copy_database(folder / DATABASE, target / DATABASE)  # while the engine puts its files in order
    for log in (target / DATABASE).glob("*.log"):
        log.write_bytes(synced.get((folder / DATABASE / log.name).stat().st_ino, b""))
    return target


def many_changes(writer: store.Writer, count: int) -> None:
    """Write and take back, each a changeset."""
    for number in range(count):
        writer.apply([quad("a", "p", number)], graph=G1, author="ada", message="count", now=NOW)
        writer.apply([], [quad("a", "p", number)], graph=G1, author="ada", message="undo", now=NOW)


@pytest.mark.parametrize("many", [1, 17, durability.MANY])
def test_a_change_acknowledged_outlives_a_power_cut(
    folder: Path, tmp_path: Path, synced: dict[int, bytes], monkeypatch: pytest.MonkeyPatch, many: int
):
    monkeypatch.setattr(durability, "MANY", many)
    with store.open_writer(folder) as writer:
        many_changes(writer, 20)
        kept = after_power_cut(folder, synced, tmp_path / "kept.store")
    assert [made.number for made in store.changesets(store.open_view(kept))] == list(range(1, 41))
    assert store.verify(kept).intact


def test_a_power_cut_takes_a_change_that_nobody_waited_for(
    folder: Path, tmp_path: Path, synced: dict[int, bytes], monkeypatch: pytest.MonkeyPatch
):
    with store.open_writer(folder) as writer:
        many_changes(writer, 1)
        monkeypatch.setattr(durability.Durability, "persist", lambda *_: None)
        many_changes(writer, 1)
        kept = after_power_cut(folder, synced, tmp_path / "kept.store")
    assert len(store.changesets(store.open_view(kept))) == 2


def test_a_log_does_not_grow_without_end(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(durability, "MANY", 20)
    with store.open_writer(folder) as writer:
        lengths = []
        for _ in range(20):
            many_changes(writer, 10)
            lengths.append(max(log.stat().st_size for log in (folder / DATABASE).glob("*.log")))
    assert max(lengths) <= 2 * lengths[0]


def test_an_engine_without_a_log_flushes(folder: Path, tmp_path: Path):
    engine = ox.Store(folder / DATABASE)
    with_log = Durability(folder / DATABASE)
    engine.add(quad("a", "p", 1, G1))
    before = len(list((folder / DATABASE).glob("*.sst")))
    with_log.persist(engine, 1)
    assert len(list((folder / DATABASE).glob("*.sst"))) == before
    Durability(tmp_path).persist(engine, 1)
    assert len(list((folder / DATABASE).glob("*.sst"))) > before


def test_what_could_not_be_synced_once_is_written_anew(
    folder: Path, tmp_path: Path, synced: dict[int, bytes], monkeypatch: pytest.MonkeyPatch
):
    """The system takes pages that it failed to write for written, so that syncing the log again is not enough."""
    sync = os.fsync
    lost: list[int] = []

    def fail_once(descriptor: int) -> None:
        if not lost and Path(f"/proc/self/fd/{descriptor}").readlink().suffix == ".log":
            lost.append(os.fstat(descriptor).st_ino)
            raise OSError(errno.EIO, "Input/output error")
        sync(descriptor)

    with store.open_writer(folder) as writer:
        many_changes(writer, 1)
        whole = dict(synced)
        monkeypatch.setattr(os, "fsync", fail_once)
        with pytest.raises(StoreUnusableError):
            many_changes(writer, 1)
        writer.apply([quad("a", "p", "b")], graph=G1, author="ada", message="after", now=NOW)
        kept = after_power_cut(folder, whole, tmp_path / "kept.store")
    assert lost
    assert [made.message for made in store.changesets(store.open_view(kept))][-1] == "after"


def test_a_new_store_is_on_the_disk_with_its_name(tmp_path: Path, synced: dict[int, bytes]):
    store.create(tmp_path / "new.store", now=NOW)
    assert all(
        place.stat().st_ino in synced for place in (tmp_path / "new.store").rglob("*") if place.is_file()
    )
