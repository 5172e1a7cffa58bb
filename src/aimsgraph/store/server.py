"""What a writer asks of a server and tells it, in the terms of the embedded engine."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

import pyoxigraph as ox

from aimsgraph.store.endpoint import N_TRIPLES
from aimsgraph.store.remote import RemoteView
from aimsgraph.store.reserved import is_internal
from aimsgraph.store.retry import again
from aimsgraph.store.terms import from_rdflib_term, normalised
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aimsgraph.store.endpoint import Endpoint
    from aimsgraph.store.profile import Profile
    from aimsgraph.store.protocol import Row

Place: TypeAlias = "ox.NamedNode | ox.DefaultGraph"
_Item = TypeVar("_Item")
#: How many statements one question names, and one INSERT DATA carries: what also Virtuoso takes.
ASKED: Final = 1000
#: How many triples are sent to or read from a server in one piece.
PORTION: Final = 100_000


class Server:
    """One line to a server. It may be used by one thread at a time."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.view = RemoteView(endpoint)
        self._session = endpoint.session()

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a SELECT."""
        return self.view.select(query)

    def ask(self, query: str) -> bool:
        """Return the answer to an ASK."""
        return self.view.ask(query)

    def construct(self, query: str) -> Iterator[ox.Triple]:
        """Yield the triples of a CONSTRUCT as the server writes them."""
        lines = self.view.lines(query, N_TRIPLES)
        while portion := b"".join(islice(lines, PORTION)):
            for quad in ox.parse(portion, ox.RdfFormat.N_TRIPLES):
                yield quad.triple

    def count(self, graph: Place) -> int:
        """Return how many triples a graph holds."""
        (row,) = self.rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ {_inside(graph)} }}")
        return int(str(row["n"]))

    def content(self, graph: Place) -> Iterator[ox.Quad]:
        """Yield what a graph holds, literals as the embedded engine writes them.

        :raises StoreUnusableError: the server gives only a part of it, as some do without saying so.
        """
        expected, came = self.count(graph), 0
        triples = self.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_inside(graph)} }}")
        for quad in normalised(
            ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples
        ):
            came += 1
            yield quad
        if came != expected:
            raise self.endpoint.unusable(
                f"its answer breaks off: the graph {graph} has {expected} triples, and {came} came",
                "It may have a limit on time, or on the rows of an answer (Virtuoso: ResultSetMaxRows). See its log.",
            )

    @property
    def profile(self) -> Profile:
        """What is known of this kind of server: as it was named, or as its answers showed it."""
        return self.view.profile

    def held(self, quads: Iterable[ox.Quad], *, by_value: bool = True) -> Iterator[ox.Quad]:
        """Yield those of the quads, each with a named graph, that the server holds.

        Unless ``by_value`` the server is not asked to find a literal again: what it gives back is compared here.
        """
        by_value = by_value and not self.profile.staged
        for portion in portions(quads, ASKED):
            if not by_value:
                there = self._around(portion, "{g} {s} {p}")
                yield from (quad for quad in portion if quad in there)
                continue
            values = _values(portion, "{g} {s} {p} {o}")
            for row in self.rows(
                f"SELECT ?i WHERE {{ VALUES (?i ?g ?s ?p ?o) {{ {values} }} "
                "FILTER EXISTS { GRAPH ?g { ?s ?p ?o } } }"
            ):
                yield portion[int(str(row["i"]))]

    def stated(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
        """Yield the quads of sources, the ontology and what was inferred that state one of the triples."""
        quads = (ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
        for portion in portions(quads, ASKED):
            for quad in self._stating(portion):
                graph = quad.graph_name.value  # type: ignore[union-attr]
                own = graph.startswith(self.profile.own_graphs)
                if graph != HISTORY_GRAPH and not is_internal(graph) and not own:
                    yield quad

    def _stating(self, quads: list[ox.Quad]) -> Iterator[ox.Quad]:
        if self.profile.staged:
            asked = {quad.triple for quad in quads}
            yield from (quad for quad in self._around(quads, "{s} {p}") if quad.triple in asked)
            return
        values = _values(quads, "{s} {p} {o}")
        for row in self.rows(
            f"SELECT ?i ?g WHERE {{ VALUES (?i ?s ?p ?o) {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"
        ):
            quad = quads[int(str(row["i"]))]
            yield ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(str(row["g"])))

    def _around(self, quads: list[ox.Quad], form: str) -> set[ox.Quad]:
        """Return what the server holds of the same subjects and properties.

        So no literal has to be found by its value, which some servers (Virtuoso) do not do each time.
        """
        values = " ".join(dict.fromkeys(f"({row})" for row in _filled(quads, form)))
        names = form.replace("{", "?").replace("}", "")
        rows = self.rows(
            f"SELECT ?g ?s ?p ?o WHERE {{ VALUES ({names}) {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"
        )
        return set(normalised(
            ox.Quad(*(from_rdflib_term(row[name]) for name in "spog")) for row in rows  # type: ignore[arg-type]
        ))  # fmt: skip

    def update(self, text: str, *, patience: float = 600.0) -> None:
        """Send an update once. When this fails it may be done all the same."""
        self.endpoint.send_update(self._session, text, patience=patience)

    def repeat(self, text: str) -> None:
        """Send an update that does no harm when it is done twice, a few times if need be."""
        again(lambda: self.update(text))

    def add(self, graph: ox.NamedNode, triples: Iterable[ox.Triple]) -> int:
        """Add triples to a graph, in portions, and return how many; done twice it is done once."""
        sent = 0
        size = PORTION if self.endpoint.takes_graphs() else ASKED
        for portion in portions(triples, size):
            if self.endpoint.takes_graphs():
                text = ox.serialize(portion, format=ox.RdfFormat.N_TRIPLES) or b""
                again(partial(self.endpoint.post_graph, self._session, graph.value, text))
            else:
                lines = "".join(f"{triple} .\n" for triple in portion)
                self.repeat(f"INSERT DATA {{ GRAPH {graph} {{\n{lines}}} }}")
            sent += len(portion)
        return sent


def portions(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Yield the items in lists of ``size``, the last one shorter."""
    waiting = iter(items)
    while portion := list(islice(waiting, size)):
        yield portion


def _inside(graph: Place) -> str:
    return f"GRAPH {graph} {{ ?s ?p ?o }}" if isinstance(graph, ox.NamedNode) else "?s ?p ?o"


def _values(quads: list[ox.Quad], form: str) -> str:
    return " ".join(f"({number} {row})" for number, row in enumerate(_filled(quads, form)))


def _filled(quads: list[ox.Quad], form: str) -> Iterator[str]:
    for quad in quads:
        yield form.format(g=quad.graph_name, s=quad.subject, p=quad.predicate, o=quad.object)
