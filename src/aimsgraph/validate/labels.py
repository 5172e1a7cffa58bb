"""The names of nodes, fetched from a view at once for all that a report names."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final

from rdflib import RDF, BNode, URIRef
from rdflib.namespace import SKOS

from aimsgraph.validate.wording import LABELS, label_of
from aimsgraph.vocab import GENID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.wording import Described

#: How many nodes are asked for in one query.
_AT_ONCE: Final = 500
#: From how many nodes on every statement that names one is read: some at a time would take longer.
_MANY: Final = 20_000
_NAMING: Final = (*LABELS, SKOS.notation)


class _Statements:
    """What is said of nodes to name them, by node and property."""

    def __init__(self) -> None:
        self._said: dict[tuple[Node, Node], list[Node]] = defaultdict(list)

    def add(self, subject: Node, predicate: Node, value: Node) -> None:
        self._said[subject, predicate].append(value)

    def objects(self, subject: Node, predicate: Node) -> list[Node]:
        return self._said.get((subject, predicate), [])

    def classes(self) -> set[Node]:
        return {cls for (_, link), found in self._said.items() if link == RDF.type for cls in found}


class Names:
    """The labels of nodes, each worked out once."""

    def __init__(self, said: Described) -> None:
        self._said = said
        self._known: dict[Node, str] = {}

    def label(self, node: Node) -> str:
        """Return the label of a node."""
        label = self._known.get(node)
        if label is None:
            label = self._known[node] = label_of(self._said, node)
        return label


def names_of(source: Source, nodes: Iterable[Node]) -> Names:
    """Return the names of the nodes: by labels and notations, or the classes of those without.

    A blank node has no name to ask by; it is told by a query for all blank nodes that have a name or a class.
    """
    said = _Statements()
    wanted = set(nodes)
    iris = {node for node in wanted if isinstance(node, URIRef)}
    _add(source, said, iris, _NAMING)
    _add(source, said, {iri for iri in iris if iri.startswith(GENID)}, (RDF.type,))
    if any(isinstance(node, BNode) for node in wanted):
        for row in source.rows(
            f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o {_is_one((*_NAMING, RDF.type))} FILTER (ISBLANK(?s)) }}"
        ):
            said.add(row["s"], row["p"], row["o"])
    _add(source, said, {cls for cls in said.classes() if isinstance(cls, URIRef)} - iris, _NAMING)
    return Names(said)


def _add(source: Source, said: _Statements, iris: set[URIRef], links: Iterable[URIRef]) -> None:
    if len(iris) > _MANY:
        for link in links:
            for row in source.rows(f"SELECT ?s ?o WHERE {{ ?s {link.n3()} ?o }}"):
                if row["s"] in iris:
                    said.add(row["s"], link, row["o"])
        return
    waiting = iter(sorted(iris))
    while chunk := list(islice(waiting, _AT_ONCE)):
        listed = " ".join(iri.n3() for iri in chunk)
        for row in source.rows(
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {listed} }} ?s ?p ?o {_is_one(links)} }}"
        ):
            said.add(row["s"], row["p"], row["o"])


def _is_one(links: Iterable[URIRef]) -> str:
    """By FILTER, since Oxigraph joins a second VALUES with every statement there is."""
    return f"FILTER (?p IN ({', '.join(link.n3() for link in links)}))"
