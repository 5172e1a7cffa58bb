"""A store in memory, for files that are only looked at, and for tests."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.terms import Skolemizer, from_rdflib_term
from aimsgraph.vocab import SOURCE_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph


def memory_view(*sources: str | Path, graph: str | None = None) -> EmbeddedView:
    """Put Turtle, given as texts or as paths, into memory and return a view of it.

    Every triple stands in the union and in the named graph ``graph``. Blank nodes become IRIs, as in any
    store; those of different sources stay apart.

    :raises SyntaxError: when a source is not Turtle (files of others go through ``aimsgraph.ingest``).
    """
    quads: list[ox.Quad] = []
    for number, source in enumerate(sources):
        text = source.read_bytes() if isinstance(source, Path) else source.encode()
        skolemizer = Skolemizer(f"memory-{number}")
        for quad in ox.parse(text, ox.RdfFormat.TURTLE, base_iri=f"urn:aimsgraph:memory-{number}:"):
            subject, value = skolemizer.term(quad.subject), skolemizer.term(quad.object)
            quads.append(ox.Quad(subject, quad.predicate, value))  # type: ignore[arg-type]
    return memory_view_of(quads, graph=graph or SOURCE_GRAPH + "memory")


def graph_view(*graphs: Graph, upon: EmbeddedView | None = None) -> EmbeddedView:
    """Put the statements of rdflib graphs into memory as they are, blank nodes included, and return a view of them.

    What ``upon`` shows is in the view too; that is copied as it stands, which is much quicker than from rdflib.
    """
    store = ox.Store()
    if upon is not None:
        store.bulk_extend(iter(upon.store))
    store.bulk_extend(
        ox.Quad(from_rdflib_term(s), from_rdflib_term(p), from_rdflib_term(o))  # type: ignore[arg-type]
        for graph in graphs
        for s, p, o in graph
    )
    return EmbeddedView(store, "none")


def files_view(paths: Iterable[Path]) -> EmbeddedView:
    """Put the statements of Turtle files into memory as they are, and return a view of them.

    :raises SyntaxError: when a file is not Turtle (files of others go through ``aimsgraph.ingest``).
    """
    store = ox.Store()
    for path in paths:
        store.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
    return EmbeddedView(store, "none")


def memory_view_of(quads: Iterable[ox.Quad], *, graph: str) -> EmbeddedView:
    """Put quads without blank nodes into memory; those without a graph of their own go to ``graph``."""
    store = ox.Store()
    default, home = ox.DefaultGraph(), ox.NamedNode(graph)
    for quad in quads:
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object, default))
        named = home if quad.graph_name == default else quad.graph_name
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object, named))
    lines = sorted(ox.serialize(store, format=ox.RdfFormat.N_QUADS).splitlines())  # type: ignore[union-attr]
    return EmbeddedView(store, "sha256:" + hashlib.sha256(b"\n".join(lines)).hexdigest())
