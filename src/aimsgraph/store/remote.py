"""The View over a SPARQL 1.1 endpoint: the default graph of a server."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Final

from rdflib import Graph, URIRef

from aimsgraph.errors import QueryInvalidError, StoreTooNewError
from aimsgraph.store.bound import bound
from aimsgraph.store.endpoint import JSON, N_TRIPLES, TSV
from aimsgraph.store.folder import FORMAT
from aimsgraph.store.reserved import MANIFEST_GRAPH, STORE, is_internal
from aimsgraph.store.tsv import TsvReader
from aimsgraph.vocab import HISTORY_GRAPH, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib.term import Identifier

    from aimsgraph.store.endpoint import Endpoint
    from aimsgraph.store.protocol import Row

#: What stands for the snapshot of a server that keeps no history of ours.
UNVERSIONED: Final = "unversioned"
_PREFIXES: Final = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in PREFIXES.items())
_NEWEST: Final = (
    f"SELECT ?hash WHERE {{ GRAPH <{HISTORY_GRAPH}> {{ ?change aims:changesetNumber ?number ; "
    "aims:changesetHash ?hash }} ORDER BY DESC(?number) LIMIT 1"
)
#: Asks for what no server says that holds no store, or one that this program reads.
_READABLE: Final = (
    f"ASK {{ FILTER NOT EXISTS {{ GRAPH <{MANIFEST_GRAPH}> {{ ?store <{STORE}format> ?format "
    f"FILTER(?format > {FORMAT}) }} }} }}"
)


def open_remote(endpoint: Endpoint) -> RemoteView:
    """Look at what a server holds.

    :raises StoreUnusableError: no SPARQL endpoint answers at the address.
    :raises StoreTooNewError: a later version of aimsgraph wrote the store there.
    """
    view = RemoteView(endpoint)
    if not view.ask(_READABLE):
        raise StoreTooNewError(
            f"The store at {endpoint} has a later format than this aimsgraph reads, which is {FORMAT}.",
            hint="Upgrade aimsgraph.",
        )
    return view


class RemoteView:
    """A look at the default graph of a server, which has to hold the union of the sources and the ontology.

    Unlike a store in a folder it shows what others write meanwhile. Oxigraph and others give the text of literals in
    their own way; see ``docs/literals.md``.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._reader = TsvReader()
        self._session = endpoint.session()
        self._snapshot: str | None = None

    @property
    def snapshot(self) -> str:
        """The hash of the newest changeset, or ``unversioned`` where the server holds no history of ours."""
        if self._snapshot is None:
            rows = self.select(_NEWEST)
            self._snapshot = str(rows[0]["hash"]) if rows else UNVERSIONED
        return self._snapshot

    @property
    def endpoint(self) -> Endpoint:
        """The server that is looked at."""
        return self._endpoint

    @property
    def location(self) -> None:
        """None: there is no folder that a worker could open."""
        return

    def select(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> list[Row]:
        """Run a trusted SELECT; unbound variables are absent from a row.

        :raises QueryInvalidError: the server cannot read the query.
        :raises StoreUnusableError: the server does not answer, or not whole.
        """
        return list(self.rows(query, bindings))

    def rows(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> Iterator[Row]:
        """Run a trusted SELECT as ``select`` does, and go through its rows as they come.

        :raises QueryInvalidError: at once, when the server cannot read the query.
        """
        lines = self.lines(bound(query, bindings), TSV)
        try:
            rows = self._reader.rows(lines)
        except ValueError as error:  # the answer to an ASK, or a message where the table belongs
            raise QueryInvalidError(f"The server gives no table for this query: {error}.") from error
        return self._read(rows)

    def _read(self, rows: Iterator[Row]) -> Iterator[Row]:
        try:
            yield from rows
        except ValueError as error:
            raise self._endpoint.broken(str(error)) from error

    def lines(self, query: str, form: str) -> Iterator[bytes]:
        """Yield the answer to a query in a format, line by line as it comes."""
        response = self._endpoint.answer(self._session, _PREFIXES + query, form)
        return self._endpoint.lines(response)

    def ask(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> bool:
        """Run a trusted ASK.

        :raises QueryInvalidError: the server cannot read the query, or it is no ASK.
        """
        answer = b"".join(self.lines(bound(query, bindings), JSON))
        try:
            content = json.loads(answer)
        except ValueError as error:
            raise self._endpoint.broken("it is no JSON") from error
        if not isinstance(content, dict) or not isinstance(content.get("boolean"), bool):
            raise QueryInvalidError("This query is not an ASK.")
        return bool(content["boolean"])

    def objects(self, subject: str, predicate: str) -> list[Identifier]:
        """Return the objects of ``subject predicate ?``, sorted."""
        return sorted(row["o"] for row in self.rows(f"SELECT ?o WHERE {{ <{subject}> <{predicate}> ?o }}"))

    def edges(self, predicates: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """Yield ``(subject, predicate, object)`` IRIs of every triple with one of the predicates."""
        for predicate in dict.fromkeys(predicates):
            for row in self.rows(
                f"SELECT ?s ?o WHERE {{ ?s <{predicate}> ?o FILTER (ISIRI(?s) && ISIRI(?o)) }}"
            ):
                yield str(row["s"]), predicate, str(row["o"])

    def count(self) -> int:
        """Return the number of triples."""
        (row,) = self.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        return int(str(row["n"]))

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted, but for those that a store on a server keeps for itself."""
        rows = self.rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        return sorted(graph for row in rows if not is_internal(graph := str(row["g"])))

    def to_rdflib(self, graph: str | None = None) -> Graph:
        """Copy the default graph (or one named graph) to an rdflib memory graph."""
        pattern = "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
        lines = self.lines(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", N_TRIPLES)
        copy = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            copy.bind(prefix, URIRef(namespace))
        while portion := b"".join(islice(lines, 100_000)):
            copy.parse(portion, format="nt")
        return copy
