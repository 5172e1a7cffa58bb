"""Statements with holes in them, as the templates of an update have, and what they come to for a solution."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import pyoxigraph as ox
from rdflib import URIRef

from aimsgraph.store.parsing import Fault, MalformedTextError, refuse_deep
from aimsgraph.store.terms import from_rdflib_term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rdflib.term import Identifier

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal"
Part: TypeAlias = "str | Term"

#: Begins the IRI that keeps a variable's place while a template is parsed; nobody can have written it.
_HOLE: Final = f"urn:aimsgraph:hole-{secrets.token_hex(16)}:"


def hole(variable: str) -> URIRef:
    """Return the IRI that stands for a variable in the text of a template."""
    return URIRef(_HOLE + variable.encode().hex())


def is_iri(text: str) -> bool:
    """Say whether a text is an absolute IRI."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Template:
    """Statements in the order of their text: subject, predicate, object and graph (None where none is named).

    A part that is a ``str`` is the name of a variable.
    """

    quads: tuple[tuple[Part, Part, Part, Part | None], ...] = ()

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables, without ``?``."""
        return frozenset(part for quad in self.quads for part in quad if isinstance(part, str))

    @property
    def has_blank_nodes(self) -> bool:
        """Whether it makes new nodes."""
        return any(isinstance(part, ox.BlankNode) for quad in self.quads for part in quad)

    def filled(
        self,
        solution: Mapping[str, Term],
        home: str | None = None,
        fresh: Callable[[ox.BlankNode], ox.NamedNode] | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads for a solution; those that are no RDF (a variable unbound, say) are left out.

        What names no graph is in graph ``home``. ``fresh`` gives a blank node its IRI; without it quads with blank
        nodes are left out too.
        """
        default = ox.DefaultGraph() if home is None else ox.NamedNode(home)
        for parts in self.quads:
            found = [solution.get(part) if isinstance(part, str) else part for part in parts]
            subject, predicate, value, graph = (
                fresh(term) if fresh is not None and isinstance(term, ox.BlankNode) else term
                for term in found
            )
            place = default if parts[3] is None else graph
            if (
                isinstance(subject, ox.NamedNode)
                and isinstance(predicate, ox.NamedNode)
                and isinstance(value, (ox.NamedNode, ox.Literal))
                and isinstance(place, (ox.NamedNode, ox.DefaultGraph))
            ):
                yield ox.Quad(subject, predicate, value, place)


def read_template(text: str) -> Template:
    """Read a template from TriG in which each variable is the IRI that ``hole`` gives it.

    TriG has the same statements as SPARQL, its parser keeps their order, and there is no word in it
    by which it could fetch anything.

    :raises MalformedTextError: with the first fault.
    """
    refuse_deep(text.encode(), "trig")
    try:
        quads = list(ox.parse(text.encode(), ox.RdfFormat.TRIG))
    except SyntaxError as error:
        raise MalformedTextError((Fault(str(error.msg), error.lineno or 1, error.offset or 1),)) from error
    read = [
        (
            _part(quad.subject),
            _part(quad.predicate),
            _part(quad.object),
            None if isinstance(quad.graph_name, ox.DefaultGraph) else _part(quad.graph_name),
        )
        for quad in quads
    ]
    return Template(tuple(read))


def _part(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Part:
    if isinstance(term, ox.NamedNode) and term.value.startswith(_HOLE):
        return bytes.fromhex(term.value.removeprefix(_HOLE)).decode()
    if isinstance(term, ox.Triple):
        raise MalformedTextError((Fault("a triple stands where a node should", 1, 1),))
    return term


def solution(row: Mapping[str, Identifier]) -> dict[str, Term]:
    """Return a row of an answer as what a template is filled with."""
    return {name: from_rdflib_term(term) for name, term in row.items()}
