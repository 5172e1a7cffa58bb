"""Patches on a server: the text of each, packed, in literals of its own graph, since there is no folder for it.

The text is gzipped, written in base64, and cut into parts that every engine takes as a literal. What comes back is the
very text whose SHA-256 stands in the changeset, or it is an error.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import zlib
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.errors import StoreAlteredError
from aimsgraph.store.history import node_of
from aimsgraph.store.reserved import PART, PATCHES_GRAPH, STORE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.store.server import Server

#: Characters in one literal.
SIZE: Final = 30_000
_GRAPH: Final = ox.NamedNode(PATCHES_GRAPH)
_HAS, _TEXT = ox.NamedNode(STORE + "part"), ox.NamedNode(STORE + "text")


def parts_of(number: int, text: bytes) -> Iterator[ox.Quad]:
    """Yield the quads that keep the patch of a changeset."""
    packed = base64.b64encode(gzip.compress(text, compresslevel=5, mtime=0)).decode("ascii")
    for count, start in enumerate(range(0, len(packed), SIZE), start=1):
        part = ox.NamedNode(f"{PART}{number}/{count:06d}")
        yield ox.Quad(node_of(number), _HAS, part, _GRAPH)
        yield ox.Quad(part, _TEXT, ox.Literal(packed[start : start + SIZE]), _GRAPH)


def read_parts(server: Server, number: int) -> bytes:
    """Return the text of a patch.

    :raises StoreAlteredError: it is missing or damaged.
    """
    rows = server.rows(
        f"SELECT ?part ?text WHERE {{ GRAPH {_GRAPH} {{ {node_of(number)} {_HAS} ?part . ?part {_TEXT} ?text }} }}"
    )
    if not rows:
        raise StoreAlteredError(f"The patch of changeset {number} is missing.")
    packed = "".join(str(row["text"]) for row in sorted(rows, key=lambda row: str(row["part"])))
    try:
        return gzip.decompress(base64.b64decode(packed, validate=True))
    except (OSError, EOFError, zlib.error, binascii.Error) as error:
        raise StoreAlteredError(f"The patch of changeset {number} is damaged ({error}).") from error
