"""The rows of an answer in SPARQL 1.1's JSON format, as they come, as rdflib terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdflib import BNode, URIRef

from aimsgraph.json_text import JsonText, bindings, keys
from aimsgraph.store.tsv import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Identifier

    from aimsgraph.store.protocol import Row


def json_rows(answer: Iterable[bytes]) -> Iterator[Row]:
    """Go through the rows of an answer, which comes in portions; unbound variables are absent from a row.

    :raises ValueError: at once, it is no table; later, it is no JSON, breaks off, or has a term that rdflib cannot
        hold.
    """
    text = JsonText(answer)
    text.take("{")
    for key in keys(text):
        if key == "results":
            return ({name: _term(value) for name, value in row.items()} for row in bindings(text))
        found = text.value()
        if key == "boolean" or (key == "head" and _is_truth(found)):
            break
    raise ValueError("it is no table")


def _is_truth(head: object) -> bool:
    """Say whether the head of an answer is that of a truth value as Virtuoso gives it: a row for yes, none for no."""
    return isinstance(head, dict) and head.get("vars") == ["__ASK_RETVAL"]


def truth(content: object) -> bool | None:
    """Return what the answer to an ASK says, also in the way of Virtuoso, or None for another answer."""
    if not isinstance(content, dict):
        return None
    if isinstance(content.get("boolean"), bool):
        return bool(content["boolean"])
    if _is_truth(content.get("head")):
        return bool(content["results"]["bindings"])
    return None


def _term(value: Any) -> Identifier:
    kind = value.get("type") if isinstance(value, dict) else None
    text = value.get("value") if kind is not None else None
    if isinstance(text, str):
        if kind == "uri":
            return URIRef(text)
        if kind == "bnode":
            return BNode(text.removeprefix("_:").removeprefix("nodeID://"))
        if kind in ("literal", "typed-literal"):
            return literal(text, value.get("xml:lang"), value.get("datatype"))
    raise ValueError(f"rdflib has no place for the term {str(value)[:100]}")
