"""What a change does to the findings is what two full runs say that it does."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef

from aimsgraph import resources
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.terms import from_rdflib_term
from aimsgraph.validate import consequences, load_shapes, new_findings, ontology_graph
from aimsgraph.validate.recheck import Recheck
from aimsgraph.vocab import AIMS, GENID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    Triple = tuple[Node, Node, Node]

TODAY = date(2026, 9, 30)


@cache
def example() -> tuple[Triple, ...]:
    graph = Graph(bind_namespaces="none")
    for path in resources.files("examples", "meridian/*.ttl"):
        if path.stem != "own-rules":
            graph.parse(path)
    return tuple(sorted((_named(s), p, _named(o)) for s, p, o in graph))


def _named(term: Node) -> Node:
    """Return a term as a store has it, where every node has a name."""
    return URIRef(f"{GENID}test/{term}") if isinstance(term, BNode) else term


@cache
def base() -> tuple[ox.Quad, ...]:
    return tuple(map(quad, (*ontology_graph(), *example())))


def quad(triple: Triple) -> ox.Quad:
    return ox.Quad(*map(from_rdflib_term, triple))  # type: ignore[arg-type]


def changed(added: Iterable[Triple], removed: Iterable[Triple]) -> tuple[EmbeddedView, EmbeddedView]:
    """Return the example before and after a change."""
    stores = ox.Store(), ox.Store()
    for store in stores:
        store.bulk_extend(base())
    for triple in removed:
        stores[1].remove(quad(triple))
    stores[1].extend(map(quad, added))
    return EmbeddedView(stores[0], "none"), EmbeddedView(stores[1], "none")


def check(added: list[Triple], removed: list[Triple]) -> None:
    before, after = changed(added, removed)
    shapes = load_shapes()
    turn = consequences(before, after, [*added, *removed], shapes=shapes, today=TODAY)
    was, now = (set(Recheck(view, shapes, TODAY).findings()) for view in (before, after))
    assert {one.id for one in turn.opened} - {one.id for one in turn.closed} == (
        {one.id for one in now} - {one.id for one in was}
    )
    assert {one.id for one in turn.closed} - {one.id for one in turn.opened} == (
        {one.id for one in was} - {one.id for one in now}
    )


@settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_consequences_are_those_of_two_full_runs(data: st.DataObject) -> None:
    triples = example()
    removed = data.draw(st.lists(st.sampled_from(triples), max_size=3, unique=True))
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(triples), st.sampled_from(triples)), max_size=3))
    added = [(one[0], one[1], other[2]) for one, other in pairs]
    known = set(triples)
    check([one for one in dict.fromkeys(added) if one not in known], removed)


RISK = URIRef("https://example.org/new/risk")


def test_a_new_node_brings_its_own_findings_and_no_others() -> None:
    added: list[Triple] = [(RISK, RDF.type, URIRef(AIMS + "Risk")), (RISK, RDFS.label, Literal("New"))]
    before, after = changed(added, [])
    found = new_findings(before, after, added, shapes=load_shapes(), today=TODAY)
    assert {one.focus for one in found} == {str(RISK)}
    assert any(one.severity == "violation" for one in found)


def test_another_name_for_a_node_is_no_new_finding() -> None:
    shapes = load_shapes()
    view, _ = changed([], [])
    wrong = next(one for one in Recheck(view, shapes, TODAY).findings() if one.focus_label in one.message)
    node = URIRef(wrong.focus)
    old = [one for one in example() if one[0] == node and one[1] == RDFS.label]
    new: list[Triple] = [(node, RDFS.label, Literal("Otherwise"))]
    before, after = changed(new, old)
    assert new_findings(before, after, [*new, *old], shapes=shapes, today=TODAY) == ()


def test_a_finding_counts_when_its_waiver_is_taken_away() -> None:
    waiver = next((one[0] for one in example() if one[2] == URIRef(AIMS + "Waiver")), None)
    if waiver is None:
        pytest.skip("the example waives nothing")
    gone = [one for one in example() if one[0] == waiver]
    before, after = changed([], gone)
    found = new_findings(before, after, gone, shapes=load_shapes(), today=TODAY)
    waived = next(one[2] for one in gone if one[1] == URIRef(AIMS + "waives"))
    assert {one.shape for one in found} >= {str(waived)}
