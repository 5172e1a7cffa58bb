"""Terms between Oxigraph, which stores them, and rdflib, which the rest of the program speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef

from aimsgraph.vocab import GENID, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Identifier

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple"
Subject: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Triple"

_STRING: Final = XSD + "string"
_LANGUAGE_STRING: Final = RDF + "langString"
_PLACE: Final = ox.NamedNode("urn:aimsgraph:place")


def to_rdflib_term(term: Term) -> Identifier:
    """Convert a term; literals keep the text that the store holds, and plain strings have no datatype.

    :raises ValueError: for an RDF 1.2 triple term, which rdflib cannot hold.
    """
    if isinstance(term, ox.NamedNode):
        # What a store holds as an IRI is one; rdflib's own way would look at each of its characters again.
        return str.__new__(URIRef, term.value)
    if isinstance(term, ox.Literal):
        if term.language is not None:
            return Literal(term.value, lang=term.language)
        datatype = term.datatype.value
        if datatype == _STRING:
            return Literal(term.value)
        return Literal(term.value, datatype=URIRef(datatype), normalize=False)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    raise ValueError(f"rdflib has no place for the triple term {term}")


def from_rdflib_term(term: Identifier) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Convert an rdflib IRI, blank node or literal."""
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        if term.datatype is None:
            return ox.Literal(str(term))
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))
    return ox.BlankNode(str(term))


class Skolemizer:
    """Gives the blank nodes of one source IRIs of their own, numbered in the order in which they occur.

    The same bytes under the same name give the same IRIs, so that loading an unchanged file changes nothing.
    """

    def __init__(self, name: str) -> None:
        self.prefix = f"{GENID}{name}/"
        self._known: dict[str, ox.NamedNode] = {}

    def node(self, blank: ox.BlankNode) -> ox.NamedNode:
        """Return the IRI that stands for a blank node."""
        known = self._known.get(blank.value)
        if known is None:
            known = self._known[blank.value] = ox.NamedNode(f"{self.prefix}{len(self._known) + 1}")
        return known

    def term(self, term: Term) -> Term:
        """Return a term with every blank node in it replaced."""
        if isinstance(term, ox.BlankNode):
            return self.node(term)
        if isinstance(term, ox.Triple):
            subject, value = self.term(term.subject), self.term(term.object)
            return ox.Triple(subject, term.predicate, value)  # type: ignore[arg-type]
        return term


def normalised(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield the quads with each literal written the way the store will return it.

    Oxigraph keeps numbers, dates and booleans by value (``1.50`` comes back as ``1.5``) and language tags in
    lower case; only what it returns can be hashed and compared.
    """
    known: dict[Term, Term] = {}
    for quad in quads:
        value = quad.object
        if isinstance(value, ox.NamedNode) or (
            isinstance(value, ox.Literal) and value.language is None and value.datatype.value == _STRING
        ):
            yield quad
            continue
        kept = known.get(value)
        if kept is None:
            kept = known[value] = as_stored(value)
        yield quad if kept == value else ox.Quad(quad.subject, quad.predicate, kept, quad.graph_name)


def as_stored(value: Term) -> Term:
    """Return a term with its literal written the way the store will return it."""
    store = ox.Store()
    store.add(ox.Quad(_PLACE, _PLACE, value))
    found: Term = next(iter(store)).object
    return found


def quad_of(subject: str, predicate: str, value: Identifier) -> ox.Quad:
    """Return the quad of an rdflib object with its subject and predicate IRIs, in no named graph."""
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), from_rdflib_term(value))
