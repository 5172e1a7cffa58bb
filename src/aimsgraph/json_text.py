"""JSON that comes in portions, read as it comes."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SPACE: Final = " \t\r\n"
#: No row is longer, in characters; what is has no end.
_LONGEST: Final = 64 << 20


class JsonText:
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


def keys(text: JsonText, *, first: bool = True) -> Iterator[str]:
    """Yield the keys of an object whose brace is taken; whoever goes on has taken the value."""
    while not text.took("}"):
        if not first:
            text.take(",")
        first = False
        key = text.value()
        text.take(":")
        yield str(key)


def bindings(text: JsonText) -> Iterator[dict[str, Any]]:
    """Go through the rows of an answer in SPARQL 1.1's JSON, whose key ``results`` is taken, to the end of the answer.

    :raises ValueError: it is no JSON, breaks off, or a row is no object.
    """
    text.take("{")
    for key in keys(text):
        if key != "bindings":
            text.value()
            continue
        text.take("[")
        while not text.took("]"):
            row = text.value()
            if not isinstance(row, dict):
                raise ValueError("a row is no object")
            yield row
            if not text.took(","):
                text.take("]")
                break
    # An answer that was cut off, or a message behind its rows, shows in what has to follow them.
    for _ in keys(text, first=False):
        text.value()
    text.end()
