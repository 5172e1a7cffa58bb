"""A store is seen as it was, whether that is made by undoing or by doing again, and by whoever asks first."""

from __future__ import annotations

import gc
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.errors import StoreAlteredError, StoreUnusableError, UsageError
from aimsgraph.store import past
from aimsgraph.store.history import node_of
from aimsgraph.store.kept import PAST
from aimsgraph.store.past import KEPT, open_past
from aimsgraph.vocab import HISTORY_GRAPH
from tests.unit.store.conftest import G1, G2, NOW, quad, union

WHO: dict[str, Any] = {"author": "ada", "message": "because", "now": NOW}


@pytest.fixture
def six(folder: Path) -> Path:
    """A store of six changesets; that of number n adds a statement about n, and takes that of n - 2 away."""
    with store.open_writer(folder) as writer:
        for number in range(1, 7):
            gone = [quad(f"s{number - 2}", "p", "x")] if number > 2 else []
            writer.apply(
                [quad(f"s{number}", "p", "x")], gone, graph=G1 if number % 2 else G2, author=f"a{number}",
                message="m", now=NOW,
            )  # fmt: skip
    return folder


def expected(number: int) -> set[str]:
    return {f"<s{n}> <p> <x>" for n in (number - 1, number) if n > 0}


@pytest.mark.parametrize("number", range(7))
def test_each_state_is_as_it_was_with_its_history_and_snapshot(six: Path, number: int):
    view = open_past(six, str(number))
    assert union(view) == expected(number)
    assert [changeset.number for changeset in store.changesets(view)] == list(range(1, number + 1))
    assert view.snapshot == (
        store.changesets(view)[-1].hash if number else store.changesets(view) or view.snapshot
    )
    agents = view.select(
        "SELECT DISTINCT ?l WHERE { GRAPH ?g { ?a a prov:Agent ; rdfs:label ?l } } ORDER BY ?l"
    )
    assert [str(row["l"]) for row in agents] == [f"a{n}" for n in range(1, number + 1)]


def test_the_present_needs_no_copy(six: Path):
    assert union(open_past(six, "head")) == expected(6)
    assert not (six / PAST).exists()


def test_a_state_is_made_once_and_the_oldest_goes(six: Path):
    for number in (1, 2, 3, 4):
        open_past(six, str(number))
    made = {place.name: place.stat().st_ino for place in (six / PAST).iterdir()}
    assert len(made) == KEPT
    open_past(six, "1")
    open_past(six, "5")
    now = {place.name: place.stat().st_ino for place in (six / PAST).iterdir()}
    kept = store.changesets(open_past(six, "1"))[-1].hash.removeprefix("sha256:")[:32]
    gone = store.changesets(open_past(six, "head"))[1].hash.removeprefix("sha256:")[:32]
    assert now[kept] == made[kept]
    assert gone not in now


def test_a_view_of_the_past_lasts_when_its_folder_goes_and_others_write(six: Path):
    view = open_past(six, "2")
    for number in (1, 3, 4, 5):
        open_past(six, str(number))
    with store.open_writer(six) as writer:
        writer.replace(G1, [], **WHO)
    assert union(view) == expected(2)


def test_many_may_ask_for_one_state_at_once(six: Path):
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: union(open_past(six, "3")), range(12)))
    assert found == [expected(3)] * 12
    assert len(list((six / PAST).iterdir())) == 1


def test_many_may_ask_for_more_states_than_are_kept(six: Path):
    asked = [number % 6 for number in range(48)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda number: union(open_past(six, str(number))), asked))
    assert found == [expected(number) for number in asked]


@pytest.mark.parametrize("file", ["CURRENT", "MANIFEST-*", "*.sst"])
@pytest.mark.parametrize("left", [None, b""], ids=["missing", "empty"])
def test_a_kept_state_that_is_not_whole_is_made_again(six: Path, file: str, left: bytes | None):
    open_past(six, "3")
    (place,) = (six / PAST).iterdir()
    for damaged in list((place / "db").glob(file)):
        damaged.unlink()
        if left is not None:
            damaged.write_bytes(left)
    assert union(open_past(six, "3")) == expected(3)


def test_a_kept_state_in_the_place_of_another_is_made_again(six: Path):
    open_past(six, "3")
    (third,) = (six / PAST).iterdir()
    open_past(six, "2")
    (second,) = set((six / PAST).iterdir()) - {third}
    shutil.rmtree(second)
    third.rename(second)
    assert union(open_past(six, "2")) == expected(2)


def test_an_altered_patch_on_the_way_is_named(six: Path):
    patches = six / "changesets"
    (patches / "00000005.patch.gz").write_bytes((patches / "00000004.patch.gz").read_bytes())
    with pytest.raises(StoreAlteredError, match="The patch of changeset 5 is not the one that was written"):
        open_past(six, "4")
    assert union(open_past(six, "5")) == expected(5)
    assert list((six / PAST).glob(".*")) == []


def test_a_full_disk_is_told(six: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(past, "copy_database", full)
    with pytest.raises(StoreUnusableError, match="as of 5 could not be made: No space left on device"):
        open_past(six, "5")
    assert list((six / PAST).iterdir()) == []


def test_what_was_before_the_store_is_told(six: Path):
    with pytest.raises(UsageError, match="first changeset"):
        open_past(six, "2026-09-29")
    assert union(open_past(six, "2026-09-30")) == expected(6)


def test_what_a_source_copied_from_the_history_goes_from_the_union_with_it(six: Path):
    with store.open_writer(six) as writer:
        copied = [
            ox.Quad(found.subject, found.predicate, found.object, ox.NamedNode(G2))
            for found in writer.view().store.quads_for_pattern(
                node_of(1), None, None, ox.NamedNode(HISTORY_GRAPH)
            )
        ]
        writer.apply([quad(f"t{n}", "p", "x") for n in range(20)], graph=G1, **WHO)
        before = union(writer.view())
        writer.apply(copied, graph=G2, **WHO)
    assert union(open_past(six, "7")) == before


@pytest.mark.parametrize("number", [1, 5], ids=["done again", "undone"])
def test_where_nothing_can_be_kept_the_past_is_seen_all_the_same(
    six: Path, number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "aside").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "aside"))
    (six / PAST).write_text("in the way")
    view = open_past(six, str(number))
    assert union(view) == expected(number)
    del view
    gc.collect()
    assert list((tmp_path / "aside").iterdir()) == []
