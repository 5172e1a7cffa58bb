"""The graphs that a question looks at: those of the store, as far as they are chosen and may be named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from aimsgraph.errors import Problem, QueryRefusedError
from aimsgraph.vocab import EDITS_GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aimsgraph.store import View

#: The graphs (IRIs) of the default graph and the named graphs; None where they are the store's own.
Dataset = tuple[tuple[str, ...] | None, tuple[str, ...] | None]
#: The graphs of pictures of stores, which never change.
_KNOWN: Final[WeakKeyDictionary[View, list[str]]] = WeakKeyDictionary()


def is_kept_back(graph: str) -> bool:
    """Say whether a graph is the store's own book-keeping: reserved, and no part of the union either.

    The ontology and what was inferred are reserved as well, but everybody sees them in the union.
    """
    return is_reserved(graph) and graph != INFERRED_GRAPH and not graph.startswith(ONTOLOGY_GRAPH)


def nameable(view: View, *, reserved: bool) -> list[str]:
    """Return the graphs of a state that a question may name, with or without those that are kept back."""
    return [graph for graph in _graphs(view) if reserved or not is_kept_back(graph)]


def _graphs(view: View) -> list[str]:
    if view.location is None:
        return view.graphs()
    if view not in _KNOWN:
        _KNOWN[view] = view.graphs()
    return _KNOWN[view]


def dataset(
    view: View,
    default: Sequence[str] | None,
    named: Sequence[str] | None,
    *,
    reserved: bool = True,
    asks_named: bool = True,
) -> Dataset:
    """Return the graphs that a question sees which wants these for its default graph and its named graphs.

    When it wants none in particular, its default graph is the union and its named graphs are all that it may name.
    When it wants some, it sees these alone (SPARQL 1.1 Query, 13.2). ``asks_named`` says whether it can see a named
    graph at all.

    :raises QueryRefusedError: one is no graph of the store, or none that may be named: that is not told apart.
    """
    if default or named:
        known = {EDITS_GRAPH, *nameable(view, reserved=reserved)}  # this one is always there, if only empty
        if strange := [
            graph for graph in dict.fromkeys([*(default or ()), *(named or ())]) if graph not in known
        ]:
            raise _strange(strange)
        return tuple(dict.fromkeys(default or ())), tuple(dict.fromkeys(named or ()))
    if reserved or not asks_named:
        return None, None if reserved else ()
    return None, tuple(nameable(view, reserved=False))


def _strange(graphs: Iterable[str]) -> QueryRefusedError:
    problems = tuple(Problem(f"<{graph}> is no graph of this store that you may read") for graph in graphs)
    return QueryRefusedError(
        f"The query is refused: {problems[0]}, and nothing is fetched from elsewhere.",
        hint="SELECT ?g { GRAPH ?g {} } lists the graphs that there are.",
        problems=problems,
    )
