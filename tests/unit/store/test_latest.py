"""The newest state is the newest one at each look, and the same view as long as nothing has changed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest

from aimsgraph.store import Change, Latest, create, open_view, open_writer
from aimsgraph.store.folder import CHANGESETS

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def write(path: Path, *texts: str) -> None:
    with open_writer(path) as writer:
        for text in texts:
            quad = ox.Quad(*(ox.NamedNode(f"urn:{name}") for name in text.split()))
            writer.commit([Change("urn:graph", "Ada", text, [quad])], now=NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    create(tmp_path / "aims.store", now=NOW)
    write(tmp_path / "aims.store", "a b c")
    return tmp_path / "aims.store"


def test_one_view_serves_as_long_as_nothing_changes(path: Path) -> None:
    latest = Latest(path)
    assert latest.view() is latest.view()


def test_each_write_is_seen_at_the_next_look(path: Path) -> None:
    latest = Latest(path)
    for number in range(5):
        write(path, f"a b c{number}")
        assert latest.view().snapshot == open_view(path).snapshot


def test_a_write_by_a_writer_that_stays_open_is_seen(path: Path) -> None:
    latest = Latest(path)
    with open_writer(path) as writer:
        for number in range(3):
            quad = ox.Quad(*(ox.NamedNode(f"urn:{number}"),) * 3)
            writer.commit([Change("urn:graph", "Ada", "one more", [quad])], now=NOW)
            assert latest.view().snapshot == writer.head


def test_a_patch_without_its_changeset_yet_is_looked_at_again(path: Path) -> None:
    latest = Latest(path)
    before = latest.view()
    shutil.copy(path / CHANGESETS / "00000001.patch.gz", path / CHANGESETS / "00000002.patch.gz")
    pending = latest.view()
    assert pending is not before
    assert latest.view() is not pending
    assert pending.snapshot == before.snapshot


def test_another_store_put_in_the_place_of_this_one_is_seen(path: Path, tmp_path: Path) -> None:
    latest = Latest(path)
    first = latest.view().snapshot
    create(tmp_path / "other", now=NOW)
    write(tmp_path / "other", "x y z")
    shutil.move(path, tmp_path / "gone")
    shutil.move(tmp_path / "other", path)
    assert latest.view().snapshot == open_view(path).snapshot != first
