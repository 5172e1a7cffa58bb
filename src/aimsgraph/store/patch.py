r"""Patches: the quads that one changeset added and removed, one per line, sorted.

A line is ``A <subject> <predicate> <object> <graph> .`` for an added quad, ``D …`` for a removed one: RDF Patch
without transaction marks, terms in N-Quads as Oxigraph writes them. Lines are sorted by their bytes and each
occurs once, so a changeset has exactly one text, and the SHA-256 of that text (UTF-8, ``\n`` after each line)
stands in the changeset's hash.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aimsgraph.model.changeset import Changeset


def lines_of(quads: Iterable[ox.Quad]) -> list[bytes]:
    """Return the quads as N-Quads lines without line ends, sorted."""
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    return sorted((text or b"").split(b"\n")[:-1])


def patch_text(added: Iterable[ox.Quad], removed: Iterable[ox.Quad]) -> bytes:
    """Return the canonical text of a patch."""
    lines = [b"A " + line for line in lines_of(added)] + [b"D " + line for line in lines_of(removed)]
    return b"".join(line + b"\n" for line in lines)


def parted(text: bytes) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """Return the quads that a patch removes, and those that it adds."""
    lines = text.split(b"\n")[:-1]
    removed, added = ([line[2:] for line in lines if line.startswith(mark)] for mark in (b"D ", b"A "))
    return quads_in(removed), quads_in(added)


def quads_in(lines: Iterable[bytes]) -> list[ox.Quad]:
    """Return the quads that N-Quads lines (with or without line ends) say."""
    return list(ox.parse(b"\n".join(lines), ox.RdfFormat.N_QUADS))


def digest(text: bytes) -> str:
    """Return the SHA-256 of a text as lower-case hex."""
    return hashlib.sha256(text).hexdigest()


class Replay:
    """What a sequence of patches adds up to: N-Quads lines added, and lines removed, in the end."""

    def __init__(self) -> None:
        self.added: set[bytes] = set()
        self.removed: set[bytes] = set()

    def apply(self, text: bytes) -> None:
        """Take the next patch into account."""
        for line in text.split(b"\n")[:-1]:
            here, there = (self.added, self.removed) if line.startswith(b"A ") else (self.removed, self.added)
            quad = line[2:]
            if quad in there:
                there.discard(quad)
            else:
                here.add(quad)


def net(patch: Callable[[int, str], bytes], chain: Iterable[tuple[Changeset, str]]) -> Replay:
    """Return what changesets come to; ``patch`` gives the text of each by its number and SHA-256."""
    replay = Replay()
    for changeset, sha256 in chain:
        replay.apply(patch(changeset.number, sha256))
    return replay
