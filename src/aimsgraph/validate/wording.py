"""Words for terms: labels of nodes, property paths as text, and messages with their blanks filled."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SH, SKOS

from aimsgraph.vocab import GENID, compact, local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rdflib.term import Node

#: The properties that name a node for a person, the first that is there wins.
LABELS = (RDFS.label, SKOS.prefLabel, DCTERMS.title, FOAF.name)
#: A blank in a message, to be filled with the term of that name.
BLANK = re.compile(r"\{[?$](\w+)\}")
_REPEATED = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


def compact_or_text(term: Node) -> str:
    """Return the CURIE of an IRI, ``_:name`` for a blank node, or the text of a literal."""
    if isinstance(term, BNode):
        return f"_:{term}"
    return compact(str(term)) if isinstance(term, URIRef) else str(term)


def name_of(node: Node) -> str:
    """Return how findings name a node: by its IRI, ``_:name``, or the text of a literal."""
    return compact_or_text(node) if isinstance(node, BNode) else str(node)


class Described(Protocol):
    """Statements about nodes, such as an rdflib graph."""

    def objects(self, subject: Node, predicate: Node) -> Iterable[Node]:
        """Return the values that a property of a node has."""


def label_of(graph: Described, node: Node) -> str:
    """Return the label of a node, preferring English or untagged ones, or the last part of its IRI.

    A node with a notation, such as a clause, is named by both: ``A.7.4 Quality of data``. A nameless node goes by its
    class: ``unnamed dependency``.
    """
    for predicate in LABELS:
        found = [
            term for term in graph.objects(node, predicate) if isinstance(term, Literal) and str(term).strip()
        ]
        if found:
            found.sort(key=lambda term: ((term.language or "en") != "en", str(term)))
            notation = next(iter(graph.objects(node, SKOS.notation)), None)
            return f"{notation} {found[0]}" if notation is not None else str(found[0])
    if isinstance(node, URIRef) and not node.startswith(GENID):
        return local_name(str(node))
    cls = min(graph.objects(node, RDF.type), key=str, default=None)
    return f"unnamed {label_of(graph, cls)}" if cls is not None else "unnamed node"


def filled(template: str, label: Callable[[Node], str], terms: Mapping[str, Node]) -> str:
    """Fill the blanks ``{?name}`` and ``{$name}`` of a message; one that has no term stays as it is.

    Nodes stand there by label in quotation marks, literals as they are written.
    """

    def fill(blank: str, name: str) -> str:
        term = terms.get(name)
        if term is None:
            return blank
        return str(term) if isinstance(term, Literal) else f"“{label(term)}”"

    return "".join(text + (fill(blank, name) if blank else "") for text, blank, name in _parted(template))


@lru_cache(maxsize=4096)
def _parted(template: str) -> tuple[tuple[str, str, str], ...]:
    """Part a message into texts, each with the blank behind it and the name in the blank (empty at the end)."""
    found: list[tuple[str, str, str]] = []
    start = 0
    for match in BLANK.finditer(template):
        found.append((template[start : match.start()], match[0], match[1]))
        start = match.end()
    return (*found, (template[start:], "", ""))


def general(template: str, thing: str = "the node") -> str:
    """Write a message for no node in particular: ``{$this}`` becomes the thing, another blank ``[its name]``."""
    text = BLANK.sub(lambda found: thing if found[1] == "this" else f"[{found[1]}]", template)
    return text[:1].upper() + text[1:]


def unsaid(component: str, path: str | None) -> str:
    """Return a message for a shape that brings none of its own."""
    about = f" in {path}" if path else ""
    kept = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", component.removesuffix("ConstraintComponent")).lower()
    return f"{{$this}} breaks the constraint “{kept}”{about}."


def path_text(graph: Graph, path: Node) -> str:
    """Write a SHACL property path as a SPARQL property path with CURIEs, or as one CURIE."""
    if isinstance(path, (URIRef, Literal)):  # a literal holds a path that is written already
        return compact_or_text(path)
    if graph.value(path, RDF.first) is not None:
        return "/".join(_grouped(graph, part) for part in Collection(graph, path))
    inverse = graph.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{_grouped(graph, inverse)}"
    alternatives = graph.value(path, SH.alternativePath)
    if alternatives is not None:
        return "|".join(_grouped(graph, part) for part in Collection(graph, alternatives))
    for predicate, mark in _REPEATED.items():
        repeated = graph.value(path, predicate)
        if repeated is not None:
            return _grouped(graph, repeated) + mark
    return compact_or_text(path)


def _grouped(graph: Graph, path: Node) -> str:
    text = path_text(graph, path)
    return f"({text})" if isinstance(path, BNode) and any(mark in text for mark in "|/") else text
