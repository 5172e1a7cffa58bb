"""A source too large to be held as objects: its statements as sorted lines, of which only a part is in memory.

The lines are those of a patch: N-Quads as the store writes them, blank nodes replaced by the names that the store gives
them, literals in the one spelling that the store keeps, each line once.
"""

from __future__ import annotations

import heapq
import re
import tempfile
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

import pyoxigraph as ox

from aimsgraph.store.parsing import FORMATS
from aimsgraph.store.terms import Skolemizer, as_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: So many statements are objects at a time, and so many lines in memory.
_BATCH: Final = 100_000
_LINES: Final = 1_000_000
#: The formats whose texts have no named graphs of their own.
_TRIPLES: Final = frozenset({"turtle", "ntriples", "rdfxml"})
#: In a line of N-Triples: a literal with its language or datatype, or a blank node, which begins behind a space: an
#: IRI may have the same signs in it. Nothing is tried twice, so that a literal may be long.
_TERM: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"(\^\^<[^>]*>|@[A-Za-z0-9-]+)?|(?<!\S)_:\S+')
#: So many spellings are remembered.
_KEPT: Final = 100_000
_END: Final = b" .\n"


def may_be_bulk(format: str) -> bool:
    """Say whether a source of a format can be read line by line into one graph."""
    return format in _TRIPLES


@contextmanager
def sorted_lines(
    text: BinaryIO, format: str, *, base: str, name: str, graph: str, folder: Path,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Iterator[bytes]]:  # fmt: skip
    """Give the lines of a text, sorted, each once, for the length of a ``with`` block; ``folder`` holds them meanwhile.

    The text is closed as soon as it is read, so that what held it is free.

    ``base``, ``name`` and ``graph`` are those of :func:`aimsgraph.store.parsing.parse_quads`.

    :raises SyntaxError: the text breaks the rules of its format.
    :raises OSError: the disk is full.
    """
    written = _Written(name, graph)
    with ExitStack() as stack:
        runs: list[Iterator[bytes]] = []
        lines: list[bytes] = []
        for portion in _portions(text, format, base, progress):
            lines += written.lines(portion)
            if len(lines) >= _LINES:
                file = stack.enter_context(tempfile.TemporaryFile(dir=folder))
                lines.sort()
                file.writelines(lines)
                file.seek(0)
                runs.append(iter(file))
                lines = []
        text.close()
        lines.sort()
        yield _once(heapq.merge(*runs, lines) if runs else lines)


def _portions(
    text: BinaryIO, format: str, base: str, progress: Callable[[int], None] | None
) -> Iterator[bytes]:
    parser = ox.parse(text, FORMATS[format], base_iri=None if format == "ntriples" else base)
    while batch := list(islice(parser, _BATCH)):
        if progress is not None:
            progress(text.tell())
        # Without a named graph in it a quad is written as a triple.
        yield ox.serialize(batch, format=ox.RdfFormat.N_QUADS) or b""


def _once(lines: Iterator[bytes] | list[bytes]) -> Iterator[bytes]:
    before = b""
    for line in lines:
        if line != before:
            yield line
        before = line


class _Written:
    """Writes lines of N-Triples as the store would, in their named graph."""

    def __init__(self, name: str, graph: str) -> None:
        self._end = b" " + str(ox.NamedNode(graph)).encode() + _END
        self._names = Skolemizer(name)
        self._known: dict[bytes, bytes] = {}

    def lines(self, text: bytes) -> list[bytes]:
        """Return the lines of a text, each with its end."""
        return _TERM.sub(self._term, text).replace(_END, self._end).splitlines(keepends=True)

    def _term(self, found: re.Match[bytes]) -> bytes:
        term = found[0]
        if term.startswith(b"_:"):
            return str(self._names.node(ox.BlankNode(term[2:].decode()))).encode()
        if found[1] is None:
            return term
        known = self._known.get(term)
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[term] = _spelled(term)
        return known


def _spelled(term: bytes) -> bytes:
    (quad,) = ox.parse(b"<urn:s> <urn:p> " + term + _END, ox.RdfFormat.N_TRIPLES)
    return str(as_stored(quad.object)).encode()
