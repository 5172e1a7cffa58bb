"""What the rules of inference ask of the statements in a store, here or on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import pyoxigraph as ox

from aimsgraph.store.server import ASKED, portions
from aimsgraph.vocab import HISTORY_GRAPH, INFERRED_GRAPH, PREFIXES, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aimsgraph.store.server import Server

_INFERRED: Final = ox.NamedNode(INFERRED_GRAPH)
#: Graphs whose triples are not statements of any source: the union, what was inferred, the history.
_UNSAID: Final = frozenset({ox.DefaultGraph(), _INFERRED, ox.NamedNode(HISTORY_GRAPH)})
_TYPE: Final = ox.NamedNode(RDF + "type")
#: What puts a class, a property or a concept below another.
BELOW: Final = (
    ox.NamedNode(RDFS + "subClassOf"),
    ox.NamedNode(RDFS + "subPropertyOf"),
    ox.NamedNode(SKOS + "broader"),
)


class Facts(Protocol):
    """The statements of a store, as the rules ask for them."""

    def pairs(self, predicate: ox.NamedNode) -> Iterator[tuple[object, object]]:
        """Yield subject and object of every triple with the predicate."""

    def below(self, terms: Iterable[ox.NamedNode]) -> set[object]:
        """Return what is directly below one of the terms."""

    def any_used(self, terms: Iterable[ox.NamedNode]) -> bool:
        """Say whether anything has one of the terms as its type, or as a property."""

    def concluded(self, rule: str) -> Iterable[ox.Triple]:
        """Return what the CONSTRUCT of a rule gives."""

    def unsaid(self, triples: Iterable[ox.Triple]) -> list[ox.Triple]:
        """Return those of the triples that no source states."""

    def infers(self) -> bool:
        """Say whether anything stands in the inferred graph."""


class StoreFacts:
    """Facts in a store of the embedded engine."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def pairs(self, predicate: ox.NamedNode) -> Iterator[tuple[object, object]]:
        """Yield subject and object of every triple with the predicate."""
        for quad in self._store.quads_for_pattern(None, predicate, None):
            yield quad.subject, quad.object

    def below(self, terms: Iterable[ox.NamedNode]) -> set[object]:
        """Return what is directly below one of the terms."""
        found = self._store.quads_for_pattern
        return {quad.subject for term in terms for prop in BELOW for quad in found(None, prop, term)}

    def any_used(self, terms: Iterable[ox.NamedNode]) -> bool:
        """Say whether anything has one of the terms as its type, or as a property."""
        found = self._store.quads_for_pattern
        return any(
            next(found(None, _TYPE, term), None) is not None
            or next(found(None, term, None), None) is not None
            for term in terms
        )

    def concluded(self, rule: str) -> Iterable[ox.Triple]:
        """Return what the CONSTRUCT of a rule gives."""
        return self._store.query(rule, prefixes=PREFIXES)  # type: ignore[return-value]

    def unsaid(self, triples: Iterable[ox.Triple]) -> list[ox.Triple]:
        """Return those of the triples that no source states."""
        return [triple for triple in triples if not self._said(triple)]

    def _said(self, triple: ox.Triple) -> bool:
        found = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return any(quad.graph_name not in _UNSAID for quad in found)

    def infers(self) -> bool:
        """Say whether anything stands in the inferred graph."""
        return next(self._store.quads_for_pattern(None, None, None, _INFERRED), None) is not None


class ServerFacts:
    """Facts on a server: each question is a few queries, and the graph stays there."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def pairs(self, predicate: ox.NamedNode) -> Iterator[tuple[object, object]]:
        """Yield subject and object of every triple with the predicate, where both are IRIs."""
        for row in self._server.rows(
            f"SELECT DISTINCT ?s ?o WHERE {{ ?s {predicate} ?o FILTER(ISIRI(?s) && ISIRI(?o)) }}"
        ):
            yield ox.NamedNode(str(row["s"])), ox.NamedNode(str(row["o"]))

    def below(self, terms: Iterable[ox.NamedNode]) -> set[object]:
        """Return what is directly below one of the terms."""
        found: set[object] = set()
        for portion in portions(terms, ASKED):
            above = " ".join(map(str, portion))
            for prop in BELOW:
                rows = self._server.rows(
                    f"SELECT DISTINCT ?s WHERE {{ VALUES ?o {{ {above} }} ?s {prop} ?o FILTER(ISIRI(?s)) }}"
                )
                found.update(ox.NamedNode(str(row["s"])) for row in rows)
        return found

    def any_used(self, terms: Iterable[ox.NamedNode]) -> bool:
        """Say whether anything has one of the terms as its type, or as a property."""
        return any(
            self._server.ask(
                f"ASK {{ VALUES ?term {{ {' '.join(map(str, portion))} }} "
                f"FILTER(EXISTS {{ ?thing {_TYPE} ?term }} || EXISTS {{ ?thing ?term ?value }}) }}"
            )
            for portion in portions(terms, ASKED)
        )

    def concluded(self, rule: str) -> Iterable[ox.Triple]:
        """Return what the CONSTRUCT of a rule gives."""
        return self._server.construct(rule)

    def unsaid(self, triples: Iterable[ox.Triple]) -> list[ox.Triple]:
        """Return those of the triples that no source states."""
        asked = list(triples)
        said = {quad.triple for quad in self._server.stated(asked) if quad.graph_name != _INFERRED}
        return [triple for triple in asked if triple not in said]

    def infers(self) -> bool:
        """Say whether anything stands in the inferred graph."""
        return self._server.ask(f"ASK {{ GRAPH {_INFERRED} {{ ?s ?p ?o }} }}")
