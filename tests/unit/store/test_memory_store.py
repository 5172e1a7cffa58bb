"""A store in memory is a store: it is written by one at a time, seen as it was, and kept elsewhere with its history."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

import aimsgraph
from aimsgraph import store
from aimsgraph.errors import StoreAlteredError, StoreLockedError, StoreNotFoundError, UsageError
from tests.unit.store.conftest import G1, G2, NOW, quad, union

if TYPE_CHECKING:
    from pathlib import Path

WHO: dict[str, Any] = {"author": "ada", "message": "because", "now": NOW}


@pytest.fixture
def memory() -> store.Memory:
    """An empty store."""
    place = store.Memory()
    store.create(place, now=NOW)
    return place


def test_a_memory_in_which_no_store_was_made_has_none():
    place = store.Memory()
    for asked in (store.open_place, store.verify, store.manifest, lambda one: store.open_place(one, "head")):
        with pytest.raises(StoreNotFoundError):
            asked(place)
    with pytest.raises(StoreNotFoundError), store.open_writer(place):
        pass


def test_there_is_one_writer_at_a_time(memory: store.Memory):
    with store.open_writer(memory), pytest.raises(StoreLockedError), store.open_writer(memory):
        pass
    with store.open_writer(memory) as writer:
        assert writer.apply([quad("a", "p", "b")], graph=G1, **WHO) is not None


def test_who_looks_goes_on_to_see_what_was_there_and_the_writer_sees_what_it_wrote(memory: store.Memory):
    with store.open_writer(memory) as writer:
        own = writer.view()
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        seen = [memory.view()]
        writer.apply([quad("c", "p", "d")], graph=G1, **WHO)
        seen.append(memory.view())
        writer.replace(G1, [], **WHO)
        assert [union(view) for view in seen] == [{"<a> <p> <b>"}, {"<a> <p> <b>", "<c> <p> <d>"}]
        assert union(own) == set()
    assert [view.snapshot for view in seen] == [
        changeset.hash for changeset in store.changesets(memory.view())
    ][:2]


def test_nothing_is_copied_when_nobody_looks(memory: store.Memory):
    engine = memory.store
    with store.open_writer(memory) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        view = memory.view()
        assert view.store is engine
        del view
        gc.collect()
        writer.apply([quad("c", "p", "d")], graph=G1, **WHO)
    assert memory.store is engine


def test_threads_that_share_a_writer_lose_nothing(memory: store.Memory):
    with store.open_writer(memory) as writer, ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: writer.apply([quad(f"s{n}", "p", n)], graph=G1, **WHO), range(80)))
    assert sorted(one.number for one in made if one) == list(range(1, 81))
    assert memory.view().count() == 80
    assert store.verify(memory).intact


def test_it_is_seen_as_it_was_by_number_hash_and_day(memory: store.Memory):
    with store.open_writer(memory) as writer:
        first = writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        writer.apply(
            [], [quad("a", "p", "b")], graph=G1, author="ada", message="m", now=NOW + timedelta(days=2)
        )
    assert first is not None
    for name in ("1", first.hash, NOW.date().isoformat()):
        view = store.open_place(memory, name)
        assert union(view) == {"<a> <p> <b>"}  # type: ignore[arg-type]
        assert (view.snapshot, store.changesets(view)) == (first.hash, [first])
    assert store.open_place(memory, "0").count() == 0
    assert store.open_place(memory).count() == 0
    with pytest.raises(UsageError, match="no changeset 7"):
        store.open_place(memory, "7")


def test_a_patch_that_is_gone_or_altered_is_named(memory: store.Memory):
    with store.open_writer(memory) as writer:
        for value in ("b", "c"):
            writer.apply([quad("a", "p", value)], graph=G1, **WHO)
    kept = memory.patches.pop()
    assert store.verify(memory).first_difference == "The patch of changeset 2 is missing."
    memory.patches.append(kept.replace(b"/c>", b"/x>"))
    assert (
        store.verify(memory).first_difference == "The patch of changeset 2 is not the one that was written."
    )
    with pytest.raises(StoreAlteredError, match="changeset 2"):
        store.difference(memory, "0")


def test_its_history_goes_to_a_folder_and_back_with_the_same_hashes(memory: store.Memory, tmp_path: Path):
    with store.open_writer(memory) as writer:
        writer.replace(
            G1, [quad("a", "p", "b"), quad("a", "p", 1)], source="x.ttl", source_sha256="ab", **WHO
        )
        writer.replace(G2, [quad("a", "p", "b")], **WHO)
        writer.replace(G1, [], **WHO)
    copied = aimsgraph.restore(memory, tmp_path / "kept.store")
    assert (copied.changesets, copied.head) == (3, memory.head)
    again = store.Memory()
    assert aimsgraph.restore(tmp_path / "kept.store", again).head == memory.head
    assert again.patches == memory.patches
    assert store.verify(again) == store.verify(memory) == store.verify(tmp_path / "kept.store")


def test_it_has_no_folder(memory: store.Memory):
    with pytest.raises(UsageError, match="A store in memory has no folder"):
        store.folder_at(memory)


def test_an_edit_makes_no_second_copy_of_the_store(memory: store.Memory):
    engine = memory.store
    with store.open_writer(memory) as writer, writer.ground():
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    assert memory.store is engine


def test_a_history_that_does_not_come_again_leaves_nothing():
    made = store.Memory()
    store.create(made, now=NOW)
    with store.open_writer(made) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        writer.apply([quad("c", "p", "d")], graph=G1, **WHO)
    entries = list(store.entries_of(made))
    entries[1] = entries[1][0], b"A <urn:x> <urn:y> <urn:z> <urn:g> .\n"
    again = store.Memory()
    for _ in range(2):
        with pytest.raises(StoreAlteredError):
            store.do_again(iter(entries), again, now=NOW)
    with pytest.raises(StoreNotFoundError):
        again.view()
