"""Finds the ends of statements in the text of patches, and numbers them; as a program too, for a second process.

Nothing but the standard library is imported, so that such a process is there at once. It reads the properties as JSON
in a line, then portions of text, each after its length in eight bytes. When there are no more it writes what it found:
a line of JSON (the bytes of its names, and for each run its property and how many numbers it has), the names in lines,
and the numbers in four bytes each.
"""

from __future__ import annotations

import json
import re
import sys
from array import array
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Bytes of the length before each portion.
LENGTH: Final = 8
#: The type of the numbers: four bytes.
NUMBER: Final = "i"


class Numbering(dict[bytes, int]):
    """Numbers names in the order in which they come."""

    def __missing__(self, name: bytes) -> int:
        number = self[name] = len(self)
        return number

    def numbers(self, names: Sequence[bytes]) -> array[int]:
        """Return the numbers of names, one after the other."""
        return array(NUMBER, map(self.__getitem__, names))


class Ends:
    """Finds the statements of some properties (IRIs) between IRIs in the lines of a patch."""

    def __init__(self, predicates: Sequence[str]) -> None:
        self._signs = [f"> <{name}> <".encode() for name in predicates]
        self._added = [_pattern(b"A", name) for name in predicates]
        self._removed = [_pattern(b"D", name) for name in predicates]

    def added(self, text: bytes) -> Iterator[tuple[int, list[bytes]]]:
        """Yield the number of each property with subject and object in turn of what whole lines add."""
        return self._found(self._added, text)

    def removed(self, text: bytes) -> Iterator[tuple[int, list[bytes]]]:
        """Yield the same of what they remove."""
        return self._found(self._removed, text) if text[:2] == b"D " or b"\nD " in text else iter(())

    def _found(self, patterns: list[re.Pattern[bytes]], text: bytes) -> Iterator[tuple[int, list[bytes]]]:
        for at, (sign, pattern) in enumerate(zip(self._signs, patterns, strict=True)):
            # One text of all lines found, and a list of its parts, are made sooner than a pair for each line.
            if sign in text and (lines := pattern.findall(text)):
                yield at, b"\n".join(lines).replace(sign, b"\n").split(b"\n")


def _pattern(mark: bytes, name: str) -> re.Pattern[bytes]:
    ends = rb" <([^<>]*> <" + re.escape(name.encode()) + rb"> <[^<>]*)> "
    return re.compile(rb"^" + mark + ends, re.MULTILINE)


def main() -> None:
    """Read portions, and write what is found in them when there are no more."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    ends, numbering = Ends(json.loads(source.readline())), Numbering()
    runs: list[tuple[int, int]] = []
    all_ = array(NUMBER)
    while length := int.from_bytes(source.read(LENGTH), "big"):
        for at, found in ends.added(source.read(length)):
            runs.append((at, len(found)))
            all_.extend(numbering.numbers(found))
    names = b"\n".join(numbering)
    sink.write(json.dumps({"names": len(names), "runs": runs}).encode() + b"\n")
    sink.write(names)
    sink.write(all_.tobytes())


if __name__ == "__main__":
    main()
