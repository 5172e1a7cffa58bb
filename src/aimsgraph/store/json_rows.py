"""The rows of an answer in SPARQL 1.1's JSON format, as they come, as rdflib terms."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any, Final

from rdflib import BNode, URIRef

from aimsgraph.store.tsv import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Identifier

    from aimsgraph.store.protocol import Row

_SPACE: Final = " \t\r\n"
#: No row is longer, in characters; what is has no end.
_LONGEST: Final = 64 << 20


def json_rows(answer: Iterable[bytes]) -> Iterator[Row]:
    """Go through the rows of an answer, which comes in portions; unbound variables are absent from a row.

    :raises ValueError: at once, it is no table; later, it is no JSON, breaks off, or has a term that rdflib cannot
        hold.
    """
    text = _Text(answer)
    text.take("{")
    for key in _keys(text):
        if key == "results":
            return _rows(text)
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


def _rows(text: _Text) -> Iterator[Row]:
    text.take("{")
    for key in _keys(text):
        if key != "bindings":
            text.value()
            continue
        text.take("[")
        while not text.took("]"):
            binding = text.value()
            if not isinstance(binding, dict):
                raise ValueError("a row is no object")
            yield {name: _term(value) for name, value in binding.items()}
            if not text.took(","):
                text.take("]")
                break
    # An answer that was cut off, or a message behind its rows, shows in what has to follow them.
    for _ in _keys(text, first=False):
        text.value()
    text.end()


def _keys(text: _Text, *, first: bool = True) -> Iterator[str]:
    """Yield the keys of an object whose brace is taken; whoever goes on has taken the value."""
    while not text.took("}"):
        if not first:
            text.take(",")
        first = False
        key = text.value()
        text.take(":")
        yield str(key)


class _Text:
    """A text of which only what is not yet read is kept."""

    def __init__(self, portions: Iterable[bytes]) -> None:
        self._portions = iter(portions)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._read = json.JSONDecoder().raw_decode
        self._kept = ""
        self._at = 0

    def value(self) -> Any:
        """Take the next value."""
        self._skip()
        while True:
            try:
                found, end = self._read(self._kept, self._at)
            except json.JSONDecodeError as error:
                if not self._more():
                    raise ValueError("it is no JSON, or not whole") from error
                continue
            # A number at the very end of what is known may go on in the next portion.
            if end < len(self._kept) or not self._more():
                self._at = end
                return found

    def take(self, sign: str) -> None:
        """Take the next sign, which has to be this one."""
        if not self.took(sign):
            raise ValueError("it is no JSON, or not whole")

    def took(self, sign: str) -> bool:
        """Take the next sign if it is this one."""
        self._skip()
        if self._kept[self._at : self._at + 1] != sign:
            return False
        self._at += 1
        return True

    def end(self) -> None:
        """Make sure that nothing follows but the end of the object."""
        self._skip()
        if self._at < len(self._kept):
            raise ValueError("something stands behind its end")

    def _skip(self) -> None:
        while True:
            while self._at < len(self._kept) and self._kept[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._kept) or not self._more():
                return

    def _more(self) -> bool:
        portion = next(self._portions, None)
        if portion is None:
            return False
        self._kept = self._kept[self._at :] + self._decoder.decode(portion)
        self._at = 0
        if len(self._kept) > _LONGEST:
            raise ValueError("a row of it has no end")
        return True


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
