"""The ontology's own graphs in a store."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph import resources
from aimsgraph.store.change import Change
from aimsgraph.store.terms import Skolemizer
from aimsgraph.vocab import ONTOLOGY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.writer import Writer

_AUTHOR: Final = "aimsgraph"


def sync_ontology(writer: Writer, *, now: datetime, files: Sequence[Path] | None = None) -> list[Changeset]:
    """Bring the ontology in the store up to date with ``files`` (by default those of this installation).

    The modules share one named graph; a file in a folder below them (alignments, crosswalks) has one of its
    own, named after folder and file, so that it can be left out. Return the changesets made: none when nothing changed.
    """
    top = resources.folder("ontology")
    given = resources.files("ontology", "*.ttl") if files is None else list(files)
    modules = [path for path in given if files is not None or path.parent == top]
    changes = [_change(ONTOLOGY_GRAPH, "ontology", modules)]
    changes += [
        _change(f"{ONTOLOGY_GRAPH}/{place}/{path.stem}", f"ontology/{place}/{path.name}", [path])
        for path in given
        if path not in modules
        for place in [path.parent.relative_to(top).as_posix()]
    ]
    return [changeset for changeset in writer.commit(changes, now=now) if changeset is not None]


def _change(graph: str, source: str, files: list[Path]) -> Change:
    texts = [path.read_bytes() for path in files]
    sha256 = hashlib.sha256(b"".join(texts)).hexdigest()
    quads = [quad for path, text in zip(files, texts, strict=True) for quad in _quads(path.stem, text)]
    return Change(graph, _AUTHOR, "Bring the ontology up to date", quads, (), True, source, sha256)


def _quads(name: str, text: bytes) -> Iterator[ox.Quad]:
    skolemizer = Skolemizer(f"ontology/{name}")
    for quad in ox.parse(text, ox.RdfFormat.TURTLE):
        subject, value = skolemizer.term(quad.subject), skolemizer.term(quad.object)
        yield ox.Quad(subject, quad.predicate, value)  # type: ignore[arg-type]
