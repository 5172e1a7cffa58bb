"""Differences are exact, and whatever is altered is found and named."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.errors import StoreAlteredError, UsageError
from aimsgraph.store.history import EMPTY, node_of
from aimsgraph.vocab import AIMS, DCTERMS, HISTORY_GRAPH
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


@pytest.mark.parametrize("what", ALTERATIONS)
def test_every_alteration_of_the_database_is_found(grown: Path, what: str):
    alter, named = ALTERATIONS[what]
    engine = ox.Store(grown / "db")
    alter(engine)
    engine.flush()
    del engine
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
