"""A table that shows whether a form of answers keeps terms as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef

from aimsgraph.vocab import XSD

if TYPE_CHECKING:
    from aimsgraph.store.protocol import Row

#: A table that holds what forms of answers are known to lose: what an IRI is, a language, signs, what is unbound.
SAMPLE: Final = (
    'SELECT ?a ?b ?c WHERE { VALUES (?a ?b ?c) { (<urn:aimsgraph:a> "a\\t\\"b\\\\" UNDEF) ("c"@en 1 "") } }'
)
SAMPLE_ROWS: Final[list[Row]] = [
    {"a": URIRef("urn:aimsgraph:a"), "b": Literal('a\t"b\\')},
    {"a": Literal("c", lang="en"), "b": Literal("1", datatype=URIRef(XSD + "integer")), "c": Literal("")},
]
