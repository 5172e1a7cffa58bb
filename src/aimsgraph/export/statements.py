"""The plain statements, graph by graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import BNode, Literal

from aimsgraph.export.block import Block
from aimsgraph.vocab import HISTORY_GRAPH, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Identifier

    from aimsgraph.store.protocol import View

    Statement = tuple[str, str, str, str | None, str | None, str | None]

_STRING: Final = XSD + "string"
_LANGUAGE_STRING: Final = RDF + "langString"


def statement_rows(view: View, page: int | None = None) -> Iterator[Statement]:
    """Yield the rows of the table of statements: every named graph but the history, or the one graph of a server."""
    named: list[str | None] = [graph for graph in view.graphs() if not graph.startswith(HISTORY_GRAPH)]
    for graph in named or [None]:
        pattern = "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"
        for row in Block(view, "?s ?p ?o", pattern).rows(page):
            yield (_node(row["s"]), str(row["p"]), *_object(row["o"]), graph)


def _node(term: Identifier) -> str:
    return f"_:{term}" if isinstance(term, BNode) else str(term)


def _object(term: Identifier) -> tuple[str, str | None, str | None]:
    """Return text, datatype and language; a plain string has the datatype that RDF gives it."""
    if not isinstance(term, Literal):
        return _node(term), None, None
    if term.language:
        return str(term), _LANGUAGE_STRING, term.language
    return str(term), str(term.datatype) if term.datatype is not None else _STRING, None
