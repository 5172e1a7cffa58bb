"""The projection read in bulk is the one read edge by edge, and one brought up to date is the one made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from aimsgraph.store import memory_view
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.terms import to_rdflib_term
from aimsgraph.trace.annotations import read_annotations
from aimsgraph.trace.dependency import dependencies, read_gates, read_leaks
from aimsgraph.trace.projection import Projection, assembled, project
from aimsgraph.trace.qualified import read_qualifications
from aimsgraph.trace.renewal import renewed
from aimsgraph.trace.way import Way
from tests.property import tries
from tests.property.test_reach_laws import (
    CONTROLS,
    GATE,
    GRAPH,
    GUARD,
    LEAK,
    TODAY,
    TRIPLE,
    VOCABULARY,
    qualified,
)

if TYPE_CHECKING:
    from aimsgraph.store import View


def edge_by_edge(view: View) -> Projection:
    known = read_annotations(view)
    edges = list(dependencies(view.edges(sorted(known.impact)), known, read_qualifications(view, TODAY)))
    guards = {(control, node) for control, _, node in view.edges(sorted(known.guarding))}
    return assembled(view.snapshot, TODAY, known, edges, guards, read_gates(view), read_leaks(view))


def content(projection: Projection) -> dict[str, object]:
    """Return all that a projection says, with the types of its arrays."""
    arrays = ("source", "target", "kind", "transmission", "basis", "threat")
    said: dict[str, object] = {
        name: (getattr(projection, name).tolist(), str(getattr(projection, name).dtype)) for name in arrays
    }
    for name in ("guards", "gates", "leaks", "needs"):
        said[name] = dict(getattr(projection, name))
    said |= {name: tuple(getattr(projection, name)) for name in ("ids", "kinds", "controls", "properties")}
    return said | {"snapshot": projection.snapshot, "today": projection.today}


@settings(max_examples=tries(120), deadline=None)
@given(GRAPH)
def test_read_in_bulk_is_read_edge_by_edge(text: str) -> None:
    view = memory_view(text)
    assert content(project(view, today=TODAY)) == content(edge_by_edge(view))


LINE = st.one_of(TRIPLE, qualified(), GUARD, GATE, LEAK)
LINES = st.lists(LINE, max_size=14)


def quads(lines: list[str]) -> set[ox.Quad]:
    return set(
        memory_view(VOCABULARY + CONTROLS + "\n".join(lines)).store.quads_for_pattern(
            None, None, None, ox.DefaultGraph()
        )
    )


@settings(max_examples=tries(120), deadline=None)
@given(LINES, LINES, LINES, st.booleans())
def test_brought_up_to_date_is_made_anew(
    kept: list[str], removed: list[str], added: list[str], walked: bool
) -> None:
    before, after = quads(kept + removed), quads(kept + added)
    store = ox.Store()
    store.bulk_extend(before)
    old = project(EmbeddedView(store, "before"), today=TODAY)
    if walked:
        old.way("up")
    changed = [
        tuple(map(to_rdflib_term, (quad.subject, quad.predicate, quad.object))) for quad in before ^ after
    ]
    for quad in before - after:
        store.remove(quad)
    store.bulk_extend(after)
    view = EmbeddedView(store, "after")
    new = renewed(view, old, changed)
    assert new is not None
    anew = project(view, today=TODAY)
    assert content(new) == content(anew)
    for sense, ends in (("down", (anew.source, anew.target)), ("up", (anew.target, anew.source))):
        expected, everything = Way.by(*ends, anew.size), np.arange(anew.size)
        for one, other in zip(new.way(sense).of(everything), expected.of(everything), strict=True):
            assert one.tolist() == other.tolist()


def test_a_new_annotation_has_all_read_again() -> None:
    view = memory_view(VOCABULARY)
    old = project(view, today=TODAY)
    said = ox.parse(
        b"<urn:p> <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> <urn:q> .", ox.RdfFormat.N_TRIPLES
    )
    statement = [tuple(map(to_rdflib_term, (q.subject, q.predicate, q.object))) for q in said]
    assert renewed(view, old, statement) is None
