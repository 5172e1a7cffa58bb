"""A store is copied while others write, tried without being changed, and put in order without losing anything."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

import aimsgraph
from aimsgraph import store
from aimsgraph.errors import StoreExistsError, StoreLockedError, StoreUnusableError
from aimsgraph.store import packs, upkeep
from aimsgraph.store.past import open_past
from tests.unit.store.conftest import G1, NOW, quad, union

WHO: dict[str, Any] = {"author": "ada", "message": "because", "now": NOW}


@pytest.fixture
def filled(folder: Path) -> Path:
    with store.open_writer(folder) as writer:
        for number in range(1, 8):
            writer.apply([quad(f"s{number}", "p", "x")], graph=G1, **WHO)
    return folder


def test_a_backup_is_a_store_of_its_own(filled: Path, tmp_path: Path):
    copied = store.back_up(filled, tmp_path / "new" / "backup")
    assert (copied.changesets, copied.head) == (7, store.open_view(filled).snapshot)
    assert copied.bytes > 1000
    assert store.verify(tmp_path / "new" / "backup").intact
    with store.open_writer(tmp_path / "new" / "backup") as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    assert len(store.changesets(store.open_view(filled))) == 7
    assert union(open_past(tmp_path / "new" / "backup", "7")) == union(store.open_view(filled))
    assert not list(tmp_path.rglob(".backup*"))


def test_of_backups_to_one_folder_at_once_one_is_made_and_is_whole(filled: Path, tmp_path: Path):
    told: list[str] = []
    together = threading.Barrier(4)

    def back_up() -> None:
        together.wait()
        try:
            told.append(store.back_up(filled, tmp_path / "backup").head)
        except StoreExistsError:
            told.append("it stands already")

    for _ in range(5):
        threads = [threading.Thread(target=back_up) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(told) == ["it stands already"] * 3 + [store.open_view(filled).snapshot]
        assert store.verify(tmp_path / "backup").intact
        assert not list(tmp_path.glob(".backup*"))
        shutil.rmtree(tmp_path / "backup")
        told.clear()


def test_a_backup_beside_a_writer_is_one_state_and_whole(filled: Path, tmp_path: Path):
    done = threading.Event()

    def write() -> None:
        with store.open_writer(filled) as writer:
            number = 8
            while not done.is_set():
                writer.apply([quad(f"s{number}", "p", "x")], graph=G1, **WHO)
                number += 1

    writing = threading.Thread(target=write)
    writing.start()
    try:
        copies = [store.back_up(filled, tmp_path / f"backup{n}") for n in range(4)]
    finally:
        done.set()
        writing.join()
    known = [changeset.hash for changeset in store.changesets(store.open_view(filled))]
    for copied in copies:
        found = store.verify(Path(copied.path))
        assert found.intact, found.first_difference
        assert known[copied.changesets - 1] == copied.head == found.head
        assert copied.changesets >= 7


def test_a_backup_cuts_a_pack_that_reaches_beyond_its_state(filled: Path, tmp_path: Path):
    packs.pack(filled / "changesets")
    (tmp_path / "cut").mkdir()
    upkeep._copy_patches(filled / "changesets", tmp_path / "cut", 4)
    assert list(packs.spans(tmp_path / "cut")) == [(1, 4)]
    assert packs.read_patch(tmp_path / "cut", 4) == packs.read_patch(filled / "changesets", 4)


def test_a_backup_is_never_half_there(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(StoreExistsError, match="There is something at"):
        store.back_up(filled, filled)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(upkeep, "_copy_patches", full)
    with pytest.raises(StoreUnusableError, match="No space left on device"):
        store.back_up(filled, tmp_path / "backup")
    assert sorted(place.name for place in tmp_path.iterdir()) == ["aims.store"]


def test_a_trial_begins_as_the_store_is_and_leaves_it_so(filled: Path):
    head = store.open_view(filled).snapshot
    with store.trial(filled) as place:
        with store.open_writer(place) as writer:
            assert writer.head == head
            writer.apply([quad("a", "p", "b")], [quad("s1", "p", "x")], graph=G1, **WHO)
        assert union(store.open_view(place)) ^ union(store.open_view(filled)) == {
            "<a> <p> <b>",
            "<s1> <p> <x>",
        }
        difference = store.difference(place, head)
        with store.open_writer(filled) as other:  # the store itself is free meanwhile
            other.apply([quad("c", "p", "d")], graph=G1, **WHO)
    assert [line.split()[0] for line in (*difference.added, *difference.removed)] == [
        "<https://example.org/a>",
        "<https://example.org/s1>",
    ]
    assert not place.exists()
    assert store.verify(filled).intact
    assert len(union(store.open_view(filled))) == 8


def test_putting_in_order_joins_patches_and_changes_nothing_else(filled: Path):
    view = store.open_view(filled)
    done = store.compact(filled)
    assert done.joined == 6
    assert list(packs.spans(filled / "changesets")) == [(1, 7)]
    assert store.verify(filled).intact
    assert len(union(view)) == len(union(store.open_view(filled))) == 7
    assert union(open_past(filled, "2")) == {"<s1> <p> <x>", "<s2> <p> <x>"}
    with store.open_writer(filled) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        with pytest.raises(StoreLockedError):
            store.compact(filled)
    assert store.compact(filled).joined == 1


def test_what_a_crash_left_never_gets_into_a_pack(filled: Path):
    patches = filled / "changesets"
    left = packs.PatchWriter(patches, 8)
    left.add(b"A <urn:never> <urn:committed> <urn:this> <urn:g> .\n")
    left.close()
    store.compact(filled)
    assert list(packs.spans(patches)) == [(1, 7)]
    with store.open_writer(filled) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    store.compact(filled)
    assert store.verify(filled).first_difference is None


def test_a_trial_begins_as_its_graph_though_others_have_written_since(filled: Path, tmp_path: Path):
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:p> <urn:b> .")
    graph = aimsgraph.open(filled)
    with store.open_writer(filled) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    with graph.trial() as trial:
        assert trial.view().snapshot == graph.view().snapshot
        trial.load(tmp_path / "a.ttl", author="ada")
        assert "<urn:a> <urn:p> <urn:b>" in "".join(trial.diff(graph.view().snapshot).added)


def test_what_goes_wrong_in_a_trial_is_told_as_it_is(filled: Path):
    with pytest.raises(BrokenPipeError), store.trial(filled):
        raise BrokenPipeError


def test_a_trial_needs_no_leave_to_write_to_the_store(filled: Path):
    (filled / "views").write_text("in the way")
    with store.trial(filled) as place, store.open_writer(place) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        assert len(union(writer.view())) == 8
    assert not place.exists()
    assert len(union(store.open_view(filled))) == 7


def test_a_backup_without_one_of_the_patches_is_none(filled: Path, tmp_path: Path):
    (filled / "changesets" / "00000003.patch.gz").unlink()
    with pytest.raises(StoreUnusableError, match="The patch of changeset 3 is missing"):
        store.back_up(filled, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
