"""The history of a store, played again, ends with what the store holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib import URIRef

from aimsgraph import store
from aimsgraph.store import open_view, open_writer, steps

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 9, 30, tzinfo=UTC)
A, B = (
    ox.Quad(ox.NamedNode(f"urn:{one}"), ox.NamedNode("urn:p"), ox.NamedNode("urn:o")) for one in ("a", "b")
)


def test_each_step_tells_what_the_union_gained_and_lost(tmp_path: Path):
    path = tmp_path / "s"
    store.create(path, now=NOW)
    with open_writer(path) as writer:
        writer.replace("urn:g", [A, B], author="ada", message="1", now=NOW)
        writer.replace("urn:h", [A], author="ada", message="2", now=NOW)
        writer.replace("urn:g", [], author="ada", message="3", now=NOW)
        writer.replace("urn:h", [], author="ada", message="4", now=NOW)
    told = [
        (step.changeset.number, sorted(str(subject) for subject, _, _ in step.play())) for step in steps(path)
    ]
    assert told == [(1, ["urn:a", "urn:b"]), (2, []), (3, ["urn:b"]), (4, ["urn:a"])]


def test_the_last_step_leaves_what_the_store_holds(tmp_path: Path):
    path = tmp_path / "s"
    store.create(path, now=NOW)
    with open_writer(path) as writer:
        writer.replace("urn:g", [A, B], author="ada", message="1", now=NOW)
        writer.replace("urn:h", [A], author="ada", message="2", now=NOW)
        writer.replace("urn:g", [B], author="ada", message="3", now=NOW)
    for step in steps(path):
        before = set(step.view.to_rdflib())
        changed = set(step.play())
        after = set(step.view.to_rdflib())
        assert before ^ after == changed
    assert after == set(open_view(path).to_rdflib())
    assert {str(subject) for subject, _, _ in after} == {"urn:a", "urn:b"}
    assert all(isinstance(term, URIRef) for statement in after for term in statement)


def test_changesets_of_a_node_are_those_with_a_statement_of_it(tmp_path: Path):
    path, node = tmp_path / "s", ox.NamedNode("urn:n")
    told = ox.Literal("see <urn:n> .")
    term = ox.Triple(node, ox.NamedNode("urn:p"), told)
    with_node = [
        ox.Quad(node, A.predicate, told),
        ox.Quad(A.subject, node, told),
        ox.Quad(A.subject, A.predicate, node),
        ox.Quad(A.subject, A.predicate, term),
    ]
    without = [ox.Quad(A.subject, A.predicate, told), ox.Quad(B.subject, B.predicate, ox.NamedNode("urn:n2"))]
    store.create(path, now=NOW)
    with open_writer(path) as writer:
        for quad in [*with_node, *without]:
            writer.apply([quad], graph="urn:g", author="ada", message="1", now=NOW)
        writer.apply([A], graph=node.value, author="ada", message="in a source of that name", now=NOW)
    known = store.changesets(open_view(path))
    assert [one.number for one in store.touching(path, node.value, known)] == [1, 2, 3, 4]
