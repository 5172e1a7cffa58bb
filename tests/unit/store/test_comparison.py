"""Differences are exact, and whatever is altered is found and named."""

from __future__ import annotations

import gzip
import re
import shutil
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.errors import StoreAlteredError, UsageError
from aimsgraph.store.history import EMPTY, node_of
from aimsgraph.store.kept import PAST, kept_states
from aimsgraph.store.past import open_past
from aimsgraph.vocab import AIMS, DCTERMS, HISTORY_GRAPH, PROV
from tests.unit.store.conftest import EX, G1, G2, NOW, quad

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WHO: dict[str, Any] = {"author": "ada", "message": "because", "now": NOW}


@pytest.fixture
def grown(folder: Path) -> Path:
    """Three changesets: b and c added, b removed again, another source."""
    with store.open_writer(folder) as writer:
        writer.replace(G1, [quad("a", "p", "b"), quad("a", "p", "c")], **WHO)
        writer.replace(G1, [quad("a", "p", "c")], **WHO)
        writer.replace(G2, [quad("a", "p", 1)], **WHO)
    return folder


def line(value: str, graph: str) -> str:
    return f"<{EX}a> <{EX}p> {value} <{graph}> ."


def test_a_difference_nets_what_was_added_and_removed_again(grown: Path):
    one = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    found = store.difference(grown, "0", "head")
    assert found.added == (line(one, G2), line(f"<{EX}c>", G1))
    assert found.removed == ()
    assert (found.older, found.newer) == (EMPTY, store.open_view(grown).snapshot)


def test_a_difference_backwards_swaps_sides(grown: Path):
    hashes = [changeset.hash for changeset in store.changesets(store.open_view(grown))]
    found = store.difference(grown, hashes[1], hashes[0].removeprefix("sha256:")[:12])
    assert (found.added, found.removed) == ((line(f"<{EX}b>", G1),), ())


@pytest.mark.parametrize("name", ["4", "-1", "abc!", "", "sha256:"])
def test_an_unknown_changeset_is_named(grown: Path, name: str):
    with pytest.raises(UsageError, match="changeset"):
        store.difference(grown, name)


def test_a_whole_store_verifies(grown: Path):
    found = store.verify(grown)
    assert (found.intact, found.changesets, found.first_difference) == (True, 3, None)
    assert found.head == store.open_view(grown).snapshot


def test_an_empty_store_verifies(folder: Path):
    assert store.verify(folder).model_dump() == {
        "intact": True,
        "changesets": 0,
        "head": EMPTY,
        "first_difference": None,
        "statements": 0,
        "agreed": 0,
        "against": (),
    }


def record(number: int, prop: str) -> Callable[[ox.Store], ox.Quad]:
    def found(engine: ox.Store) -> ox.Quad:
        pattern = node_of(number), ox.NamedNode(prop), None, ox.NamedNode(HISTORY_GRAPH)
        return next(iter(engine.quads_for_pattern(*pattern)))

    return found


def rewrite(number: int, prop: str, value: str) -> Callable[[ox.Store], None]:
    def act(engine: ox.Store) -> None:
        old = record(number, prop)(engine)
        engine.remove(old)
        datatype = old.object.datatype  # type: ignore[union-attr]
        engine.add(ox.Quad(old.subject, old.predicate, ox.Literal(value, datatype=datatype), old.graph_name))

    return act


ALTERATIONS: dict[str, tuple[Callable[[ox.Store], None], str]] = {
    "a quad slipped into a source": (
        lambda s: s.add(quad("a", "p", "evil", G1)),
        "that no changeset added.*evil",
    ),
    "a quad taken from a source": (lambda s: s.remove(quad("a", "p", "c", G1)), "The content lacks"),
    "a triple slipped into the union": (lambda s: s.add(quad("a", "p", "evil")), "The union .* no changeset"),
    "a triple taken from the union": (lambda s: s.remove(quad("a", "p", "c")), "The union .* lacks"),
    "a statement slipped into the history": (
        lambda s: s.add(quad("a", "p", "evil", HISTORY_GRAPH)),
        "The history has a statement",
    ),
    "another author": (rewrite(2, AIMS + "changesetAuthor", "eve"), "changeset 2 was altered"),
    "another reason": (rewrite(1, DCTERMS + "description", "no"), "changeset 1 was altered"),
    "another hash": (rewrite(3, AIMS + "changesetHash", "sha256:0"), "changeset 3 was altered"),
    "another patch hash": (rewrite(2, AIMS + "patchHash", "0"), "patch of changeset 2 is not the one"),
    "another parent": (rewrite(3, AIMS + "parentHash", "sha256:0"), "Changeset 3 does not follow"),
    "a record without author": (lambda s: s.remove(record(2, AIMS + "changesetAuthor")(s)), "is not whole"),
    "another number": (rewrite(2, AIMS + "changesetNumber", "9"), "Changeset 2 is missing"),
}


def alter_database(database: Path, alter: Callable[[ox.Store], None]) -> None:
    engine = ox.Store(database)
    alter(engine)
    engine.flush()


@pytest.mark.parametrize("what", ALTERATIONS)
def test_every_alteration_of_the_database_is_found(grown: Path, what: str):
    alter, named = ALTERATIONS[what]
    alter_database(grown / "db", alter)
    found = store.verify(grown)
    assert not found.intact
    assert found.first_difference is not None
    assert re.search(named, found.first_difference), found.first_difference


def test_there_are_as_many_alterations_as_said():
    assert len(ALTERATIONS) == 12


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b"not gzip"), "damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "damaged"),
        (
            lambda path: path.write_bytes(gzip.compress(b"A <x> <y> <z> <g> .\n")),
            "not the one that was written",
        ),
    ],
    ids=["removed", "overwritten", "cut", "forged"],
)
def test_every_alteration_of_a_patch_is_found(grown: Path, alter: Callable[[Path], None], named: str):
    alter(grown / "changesets" / "00000002.patch.gz")
    found = store.verify(grown)
    assert not found.intact
    assert named in (found.first_difference or "")
    assert "changeset 2" in (found.first_difference or "")


def test_a_difference_over_a_missing_patch_is_an_error(grown: Path):
    (grown / "changesets" / "00000002.patch.gz").unlink()
    with pytest.raises(StoreAlteredError, match="changeset 2 is missing"):
        store.difference(grown, "1")


def test_a_difference_over_a_forged_patch_is_an_error(grown: Path):
    forged = gzip.compress(b"A <urn:x> <urn:y> <urn:z> <urn:g> .\n")
    (grown / "changesets" / "00000002.patch.gz").write_bytes(forged)
    with pytest.raises(StoreAlteredError, match="changeset 2 is not the one that was written"):
        store.difference(grown, "1")
    with pytest.raises(StoreAlteredError, match="changeset 2 is not the one that was written"):
        list(store.steps(grown))


def kept(folder: Path, number: int) -> Path:
    """Have the state after a changeset kept, and return where."""
    before = set((folder / PAST).glob("*"))
    open_past(folder, str(number))
    (place,) = set((folder / PAST).iterdir()) - before
    return place


@pytest.mark.parametrize("numbers", [(0,), (1, 2), (0, 1, 2)])
def test_a_store_with_earlier_states_kept_verifies(grown: Path, numbers: tuple[int, ...]):
    for number in numbers:
        kept(grown, number)
    assert len(list((grown / PAST).iterdir())) == len(numbers)
    assert store.verify(grown).first_difference is None


KEPT_ALTERATIONS: dict[str, tuple[Callable[[ox.Store], None], str]] = {
    "a quad slipped in": (
        lambda s: s.add(quad("a", "p", "evil", G1)),
        "The content has .* no changeset.*evil",
    ),
    "a quad taken": (lambda s: s.remove(quad("a", "p", "b", G1)), "The content lacks .*/b>"),
    "the union": (lambda s: s.add(quad("a", "p", "evil")), "The union .* no changeset added"),
    "another author": (rewrite(1, AIMS + "changesetAuthor", "eve"), "The history has .*eve"),
    "all that a source said": (
        lambda s: s.update(f"DELETE WHERE {{ GRAPH <{G1}> {{ ?s ?p ?o }} }}"),
        "The content lacks",
    ),
}


@pytest.mark.parametrize("what", KEPT_ALTERATIONS)
def test_every_alteration_of_an_earlier_state_that_is_kept_is_found(grown: Path, what: str):
    alter, named = KEPT_ALTERATIONS[what]
    kept(grown, 2)
    place = kept(grown, 1)
    alter_database(place / "db", alter)
    found = store.verify(grown)
    assert not found.intact
    assert found.first_difference is not None
    assert found.first_difference.startswith(
        f"In past/{place.name}, which is kept to show the store as of changeset 1: "
    )
    assert re.search(named, found.first_difference), found.first_difference
    assert found.first_difference.endswith("Remove that folder: it is made anew when it is asked for.")
    shutil.rmtree(place)
    assert store.verify(grown).intact
    open_past(grown, "1")
    assert store.verify(grown).intact


@pytest.mark.parametrize("file", ["CURRENT", "MANIFEST-*", "*.sst"])
@pytest.mark.parametrize("left", [None, b""], ids=["missing", "empty"])
def test_an_earlier_state_that_cannot_be_opened_is_named(grown: Path, file: str, left: bytes | None):
    place = kept(grown, 1)
    for damaged in list((place / "db").glob(file)):
        damaged.unlink()
        if left is not None:
            damaged.write_bytes(left)
    found = store.verify(grown)
    assert not found.intact
    assert f"In past/{place.name}, " in (found.first_difference or "")
    assert "It cannot be opened (" in (found.first_difference or "")


def test_a_state_in_the_place_of_another_is_found(grown: Path):
    first, second = kept(grown, 1), kept(grown, 2)
    shutil.rmtree(first)
    second.rename(first)
    assert "changeset 1: The content lacks" in (store.verify(grown).first_difference or "")


def test_a_state_that_makes_room_for_others_meanwhile_is_passed_over(grown: Path):
    place = kept(grown, 1)
    head = store.changesets(store.open_view(grown))[0].hash
    found = kept_states(grown, [head, EMPTY])
    assert list(found) == [head]
    shutil.rmtree(place)
    assert found[head].opened() is None


def test_that_the_kept_states_cannot_be_read_is_told(grown: Path):
    (grown / PAST).symlink_to(grown / PAST)
    found = store.verify(grown).first_difference
    assert found == "The earlier states that are kept cannot be read: Too many levels of symbolic links."


def test_what_is_wrong_with_the_present_is_named_before_what_is_wrong_with_the_past(grown: Path):
    alter_database(kept(grown, 1) / "db", lambda s: s.add(quad("a", "p", "evil", G1)))
    alter_database(grown / "db", lambda s: s.add(quad("a", "p", "worse", G1)))
    assert (store.verify(grown).first_difference or "").startswith("The content has ")


def test_what_lies_beside_the_kept_states_and_is_never_shown_is_left_alone(grown: Path):
    place = kept(grown, 1)
    (grown / PAST / ".draft").mkdir()
    place.rename(grown / PAST / ("0" * 32))
    assert store.verify(grown).intact


def test_a_state_kept_before_the_store_got_its_present_format_verifies(grown: Path):
    def forget_agents(engine: ox.Store) -> None:
        engine.update(
            f"DELETE WHERE {{ GRAPH <{HISTORY_GRAPH}> {{ ?c <{PROV}wasAssociatedWith> ?a . ?a ?p ?o }} }}"
        )

    alter_database(kept(grown, 1) / "db", forget_agents)
    assert store.verify(grown).intact
