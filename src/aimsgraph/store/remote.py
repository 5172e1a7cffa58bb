"""The View over a SPARQL 1.1 endpoint: the union of the sources on a server."""

from __future__ import annotations

import json
import logging
from itertools import islice
from typing import TYPE_CHECKING, Final

from rdflib import Graph, URIRef

from aimsgraph.errors import QueryInvalidError, StoreTooNewError, StoreUnusableError
from aimsgraph.store.bound import bound
from aimsgraph.store.endpoint import JSON, N_TRIPLES, TSV, TURTLE, form_of
from aimsgraph.store.folder import FORMAT
from aimsgraph.store.json_rows import json_rows, truth
from aimsgraph.store.profile import UNKNOWN
from aimsgraph.store.reserved import MANIFEST_GRAPH, STORE, is_internal
from aimsgraph.store.sample import SAMPLE, SAMPLE_ROWS
from aimsgraph.store.tsv import TsvReader
from aimsgraph.store.whole import Wholeness
from aimsgraph.vocab import GRAPH, HISTORY_GRAPH, INFERRED_GRAPH, ONTOLOGY_GRAPH, PREFIXES, SOURCE_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import requests
    from rdflib.term import Identifier

    from aimsgraph.store.endpoint import Endpoint
    from aimsgraph.store.profile import Profile
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
_HISTORY_SHOWS: Final = (
    f"ASK {{ GRAPH <{HISTORY_GRAPH}> {{ ?change aims:changesetHash ?hash }} "
    "?change aims:changesetHash ?hash }"
)
#: A graph that no server has, for where there is none to be read.
_NONE: Final = "urn:aimsgraph:none"
#: Lists the named graphs. On Virtuoso this is quick, and DISTINCT in the place of GROUP BY takes minutes.
GRAPHS: Final = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_OF_SOURCES: Final = (ONTOLOGY_GRAPH, INFERRED_GRAPH, SOURCE_GRAPH)
_log: Final = logging.getLogger(__name__)


def open_remote(endpoint: Endpoint) -> RemoteView:
    """Look at what a server holds.

    :raises StoreUnusableError: no SPARQL endpoint answers at the address, or none that can be worked with.
    :raises StoreTooNewError: a later version of aimsgraph wrote the store there.
    """
    view = RemoteView(endpoint)
    view.meet()
    if not view.ask(_READABLE):
        raise StoreTooNewError(
            f"The store at {endpoint} has a later format than this aimsgraph reads, which is {FORMAT}.",
            hint="Upgrade aimsgraph.",
        )
    return view


class RemoteView:
    """A look at a server, whose default graph or named graphs have to hold the sources and the ontology.

    Unlike a store in a folder it shows what others write meanwhile. Oxigraph and others give the text of literals in
    their own way; see ``docs/servers.md``.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._reader = TsvReader()
        self._session = endpoint.session()
        self._profile: Profile = endpoint.kind()
        self._tables: tuple[str, ...] = (JSON,) if self._profile.tables == "json" else (TSV, JSON)
        self._dataset: tuple[tuple[str, str], ...] = ()
        self._whole = Wholeness(self._read_rows)
        self._snapshot: str | None = None

    @property
    def endpoint(self) -> Endpoint:
        """The server that is looked at."""
        return self._endpoint

    @property
    def profile(self) -> Profile:
        """What is known of this kind of server: as it was named, or as its answers showed it."""
        return self._profile

    @property
    def restricted(self) -> tuple[str, ...]:
        """The named graphs that are read as one, where the server's default graph is not the union of the sources."""
        return tuple(graph for word, graph in self._dataset if word == "default-graph-uri" and graph != _NONE)

    def meet(self) -> None:
        """Find out how to talk to the server, and whether its default graph is what we expect.

        :raises StoreUnusableError: no SPARQL endpoint answers, or none that can be worked with.
        """
        filled = self.ask("ASK { ?s ?p ?o }")
        self._choose_form()
        if self._profile.default_graph == "union" or not filled or self.ask(_HISTORY_SHOWS):
            self._restrict(filled)

    def _choose_form(self) -> None:
        found: list[Row] = []
        for forms in [(JSON,)] if self._profile.tables == "json" else [(TSV, JSON), (JSON,)]:
            self._tables = forms
            try:
                found = list(self._read_rows(SAMPLE))
            except (QueryInvalidError, StoreUnusableError):
                if forms == (JSON,):
                    raise
                continue
            if sorted(found, key=len) == SAMPLE_ROWS:
                return
        raise self._endpoint.unusable(
            f"its tables do not keep terms as they are: {found}",
            "Try it with: aimsgraph check-endpoint, and tell its makers.",
        )

    def _restrict(self, filled: bool) -> None:
        """Read the named graphs of sources as one, in the place of a default graph that is not their union."""
        graphs = self.graphs()
        shown = [graph for graph in graphs if not graph.startswith(GRAPH) or graph.startswith(_OF_SOURCES)]
        if not shown and not filled:
            return
        self._dataset = (
            *(("default-graph-uri", graph) for graph in shown or [_NONE]),
            *(("named-graph-uri", graph) for graph in graphs),
        )
        if filled:
            return
        if not self.ask("ASK { ?s ?p ?o }"):
            raise self._endpoint.unusable(
                f"its default graph is empty, though it has {len(shown)} named graphs with data",
                "Load the sources into its default graph too, or have it show the union of its named graphs there.",
            )
        _log.warning(
            "The default graph of %s is empty: its %d named graphs are read as one, which takes longer.",
            self._endpoint,
            len(shown),
        )

    @property
    def snapshot(self) -> str:
        """The hash of the newest changeset, or ``unversioned`` where the server holds no history of ours."""
        if self._snapshot is None:
            rows = self.select(_NEWEST)
            self._snapshot = str(rows[0]["hash"]) if rows else UNVERSIONED
        return self._snapshot

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
        return self._counted(self._read_rows(bound(query, bindings)))

    def _counted(self, rows: Iterator[Row]) -> Iterator[Row]:
        count = 0
        for row in rows:
            count += 1
            yield row
        if not self._whole.holds(count):
            raise self._cut(count, "rows")

    def _cut(self, count: int, what: str) -> StoreUnusableError:
        return self._endpoint.unusable(
            f"it cuts answers off at {count:,} {what} and says nothing of it",
            "Raise its limit on the rows of an answer (for Virtuoso: ResultSetMaxRows in virtuoso.ini).",
        )

    def _read_rows(self, query: str) -> Iterator[Row]:
        """Ask for a table and go through it, whole or not."""
        response = self._ask(query, *self._tables)
        try:
            if form_of(response) == JSON:
                rows = json_rows(self._endpoint.portions(response))
            else:
                rows = self._reader.rows(self._endpoint.lines(response))
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
        return self._endpoint.lines(self._ask(query, form))

    def _ask(self, query: str, *forms: str) -> requests.Response:
        text, dataset = _PREFIXES + query, self._dataset
        if self._profile.dataset == "define":
            # Virtuoso repeats each such parameter in a header of its answer, and a hundred headers are too many.
            text = "".join(f"define input:{word} <{graph}>\n" for word, graph in dataset) + text
            dataset = ()
        response = self._endpoint.answer(self._session, text, *forms, dataset=dataset)
        if self._profile is UNKNOWN:
            self._profile = self._endpoint.kind(response)
        return response

    def ask(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> bool:
        """Run a trusted ASK.

        :raises QueryInvalidError: the server cannot read the query, or it is no ASK.
        """
        response = self._ask(bound(query, bindings), JSON)
        try:
            content = json.loads(b"".join(self._endpoint.portions(response)))
        except ValueError as error:
            raise self._endpoint.broken("it is no JSON") from error
        found = truth(content)
        if found is None:
            raise QueryInvalidError("This query is not an ASK.")
        return found

    @property
    def _distinct(self) -> str:
        # Where graphs are read as one, some engines give what stands in two of them twice.
        return "DISTINCT " if self._dataset else ""

    def objects(self, subject: str, predicate: str) -> list[Identifier]:
        """Return the objects of ``subject predicate ?``, sorted."""
        query = f"SELECT {self._distinct}?o WHERE {{ <{subject}> <{predicate}> ?o }}"
        return sorted(row["o"] for row in self.rows(query))

    def edges(self, predicates: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """Yield ``(subject, predicate, object)`` IRIs of every triple with one of the predicates."""
        for predicate in dict.fromkeys(predicates):
            for row in self.rows(
                f"SELECT {self._distinct}?s ?o WHERE {{ ?s <{predicate}> ?o FILTER (ISIRI(?s) && ISIRI(?o)) }}"
            ):
                yield str(row["s"]), predicate, str(row["o"])

    def count(self) -> int:
        """Return the number of triples."""
        return self._count("?s ?p ?o")

    def _count(self, pattern: str) -> int:
        if self._distinct:
            pattern = f"SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }}"
        (row,) = self._read_rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
        return int(str(row["n"]))

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted, but for those that a store or the server keeps for itself."""
        found = [str(row["g"]) for row in self.rows(GRAPHS)]
        own = self._profile.own_graphs  # known since the server has answered
        return sorted(graph for graph in found if not is_internal(graph) and not graph.startswith(own))

    def to_rdflib(self, graph: str | None = None) -> Graph:
        """Copy the union (or one named graph) to an rdflib memory graph.

        :raises StoreUnusableError: the server does not answer, or not whole.
        """
        pattern = "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
        expected = self._count(pattern)
        response = self._ask(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", N_TRIPLES, TURTLE)
        copy = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            copy.bind(prefix, URIRef(namespace))
        if form_of(response) == TURTLE:
            copy.parse(b"".join(self._endpoint.portions(response)), format="turtle")
        else:
            lines = self._endpoint.lines(response)
            while portion := b"".join(islice(lines, 100_000)):
                copy.parse(portion, format="nt")
        if len(copy) < expected == self._count(pattern):
            raise self._cut(len(copy), "triples")
        return copy
