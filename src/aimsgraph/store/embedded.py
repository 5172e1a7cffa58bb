"""The View over an Oxigraph store, on disk or in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from rdflib import Graph, URIRef

from aimsgraph.errors import QueryInvalidError
from aimsgraph.store.answer import Answer
from aimsgraph.store.bound import bound
from aimsgraph.store.folder import open_for_reading
from aimsgraph.store.history import head_of
from aimsgraph.store.terms import to_rdflib_term
from aimsgraph.store.tsv import TsvReader
from aimsgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from rdflib.term import Identifier

    from aimsgraph.store.protocol import Row

_DEFAULT: Final = ox.DefaultGraph()
#: Whether a query may use a prefix of ours: handing all of them over takes as long as a small query does.
_ABBREVIATED: Final = re.compile("|".join(f"{name}:" for name in PREFIXES))


def open_view(path: Path) -> EmbeddedView:
    """Look at the store in folder ``path`` as it is now; later writes don't show.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: there is no store that can be read.
    """
    still = open_for_reading(path)
    return EmbeddedView(still.store, head_of(still.store)[1], still.location, still)


class EmbeddedView:
    """A read-only look at an Oxigraph store; what it shows never changes.

    ``snapshot`` is the hash of the newest changeset; ``location`` is a folder in which a worker process finds
    the same state as ``db`` for as long as the view lives (None in memory). ``held`` is kept alive with the view.
    """

    def __init__(
        self, store: ox.Store, snapshot: str, location: Path | None = None, held: object = None
    ) -> None:
        self.store = store
        self._held = held
        self._snapshot = snapshot
        self._reader = TsvReader()
        self._location = location

    @property
    def snapshot(self) -> str:
        """The hash of the newest changeset (``sha256:…``), which identifies the content."""
        return self._snapshot

    @property
    def location(self) -> Path | None:
        """A folder whose ``db`` a worker may open while this view lives; None for a store in memory."""
        return self._location

    def select(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> list[Row]:
        """Run a trusted SELECT over the union; unbound variables are absent from a row.

        ``bindings`` join the pattern as VALUES in front; the project's prefixes need not be declared.

        :raises QueryInvalidError: when the engine cannot read the query, or it is no SELECT.
        """
        return list(self.rows(query, bindings))

    def rows(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> Iterator[Row]:
        """Run a trusted SELECT as ``select`` does, and go through its rows one at a time.

        :raises QueryInvalidError: at once, when the engine cannot read the query, or it is no SELECT.
        """
        result = self._run(query, bindings)
        if not isinstance(result, ox.QuerySolutions):
            raise QueryInvalidError("This query is not a SELECT.")
        answer = Answer()
        result.serialize(answer, format=ox.QueryResultsFormat.TSV)  # type: ignore[arg-type]
        return self._reader.rows(answer.lines())

    def ask(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> bool:
        """Run a trusted ASK over the union.

        :raises QueryInvalidError: when the engine cannot read the query, or it is no ASK.
        """
        result = self._run(query, bindings)
        if not isinstance(result, ox.QueryBoolean):
            raise QueryInvalidError("This query is not an ASK.")
        return bool(result)

    def _run(
        self, query: str, bindings: Mapping[str, Identifier] | None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            text = bound(query, bindings)
            return self.store.query(text, prefixes=PREFIXES if _ABBREVIATED.search(text) else None)
        except SyntaxError as error:
            raise QueryInvalidError(f"The engine cannot read the query: {error}.") from error

    def objects(self, subject: str, predicate: str) -> list[Identifier]:
        """Return the objects of ``subject predicate ?``, sorted."""
        pattern = ox.NamedNode(subject), ox.NamedNode(predicate), None, _DEFAULT
        found = [to_rdflib_term(quad.object) for quad in self.store.quads_for_pattern(*pattern)]
        return sorted(found) if len(found) > 1 else found

    def edges(self, predicates: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """Yield ``(subject, predicate, object)`` IRIs of every triple with one of the predicates."""
        node = ox.NamedNode
        for predicate in dict.fromkeys(predicates):
            for quad in self.store.quads_for_pattern(None, node(predicate), None, _DEFAULT):
                subject, value = quad.subject, quad.object
                if isinstance(value, node) and isinstance(subject, node):
                    yield subject.value, predicate, value.value

    def count(self) -> int:
        """Return the number of distinct triples in the union."""
        [row] = self.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")  # the engine counts 20 times as fast as we
        return int(str(row["n"]))

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs that hold something, sorted: sources, ontology, history."""
        return sorted(
            graph.value
            for graph in self.store.named_graphs()
            if next(self.store.quads_for_pattern(None, None, None, graph), None) is not None
        )

    def write(self, file: Path) -> None:
        """Write all that can be seen, named graphs and their union, to a file as N-Quads.

        :raises OSError: the disk is full or the file cannot be written.
        """
        self.store.dump(file, ox.RdfFormat.N_QUADS)

    def to_rdflib(self, graph: str | None = None) -> Graph:
        """Copy the union (or one named graph) to an rdflib memory graph.

        Literals keep the text that the store holds. RDF 1.2 triple terms, unknown to rdflib, are left out.
        """
        place = ox.NamedNode(graph) if graph is not None else _DEFAULT
        known: dict[object, Identifier] = {}

        def term(value: object) -> Identifier:
            found = known.get(value)
            if found is None:
                found = known[value] = to_rdflib_term(value)  # type: ignore[arg-type]
            return found

        copy = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            copy.bind(prefix, URIRef(namespace))
        for quad in self.store.quads_for_pattern(None, None, None, place):
            if not isinstance(quad.object, ox.Triple):
                copy.add((term(quad.subject), term(quad.predicate), term(quad.object)))
        return copy
