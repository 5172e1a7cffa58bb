"""Plays changes into a database of named graphs and their union, outside the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Sequence

_DEFAULT: Final = ox.DefaultGraph()
_HISTORY: Final = ox.NamedNode(HISTORY_GRAPH)


def play(store: ox.Store, *, removed: Sequence[ox.Quad], added: Sequence[ox.Quad]) -> list[ox.Triple]:
    """Remove and add quads, and return the statements that are new in the union of all graphs, or gone from it."""
    for quad in removed:
        store.remove(quad)
    store.extend(added)
    gone = [triple for triple in dict.fromkeys(quad.triple for quad in removed) if not _stated(store, triple)]
    new = [
        triple for triple in dict.fromkeys(quad.triple for quad in added) if _in_default(triple) not in store
    ]
    for triple in gone:
        store.remove(_in_default(triple))
    store.extend(map(_in_default, new))
    return [*gone, *new]


def in_union(quad: ox.Quad) -> ox.Quad:
    """Return the statement of a quad as it stands in the union."""
    return ox.Quad(quad.subject, quad.predicate, quad.object)


def _in_default(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object)


def _stated(store: ox.Store, triple: ox.Triple) -> bool:
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(quad.graph_name not in (_DEFAULT, _HISTORY) for quad in found)
