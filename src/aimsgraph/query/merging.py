"""The merge of several graphs, in which a statement stands once however many of them state it."""

from __future__ import annotations

import pyoxigraph


def repeated(store: pyoxigraph.Store, default: list[pyoxigraph.NamedNode]) -> bool:
    """Say whether two of the graphs state the same, which the engine would then find twice."""
    for index, graph in enumerate(default):
        others = default[index + 1 :]
        if others and any(
            pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, other) in store
            for quad in store.quads_for_pattern(None, None, None, graph)
            for other in others
        ):
            return True
    return False


def merged(
    store: pyoxigraph.Store, default: list[pyoxigraph.NamedNode], named: list[pyoxigraph.NamedNode] | None
) -> pyoxigraph.Store:
    """Return a copy in memory whose default graph is the merge of some graphs (RDF 1.1 Semantics, 4.1)."""
    copy = pyoxigraph.Store()
    for graph in default:
        held = store.quads_for_pattern(None, None, None, graph)
        copy.bulk_extend(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object) for quad in held)
    for place in store.named_graphs() if named is None else named:
        copy.bulk_extend(store.quads_for_pattern(None, None, None, place))
    return copy
