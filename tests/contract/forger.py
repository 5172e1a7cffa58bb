"""Somebody who may write every file of a store, and knows how it is made: alters it, and covers the traces."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from aimsgraph.store.history import chained, quads_of, recorded
from aimsgraph.store.packs import PatchWriter, read_patch, spans
from aimsgraph.store.patch import Replay, digest
from aimsgraph.store.terms import normalised
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aimsgraph.model.changeset import Changeset

Records = list[tuple["Changeset", bytes]]
_HISTORY = ox.NamedNode(HISTORY_GRAPH)


def records_of(folder: Path) -> Records:
    """Every changeset with its patch."""
    known = recorded(ox.Store.read_only(str(folder / "db")))
    return [(changeset, read_patch(folder / "changesets", changeset.number)) for changeset, _ in known]


def alter_value(folder: Path, old: str, new: str) -> None:
    """Write another text of the same length into the database wherever the old one is a value."""
    engine = ox.Store(folder / "db")
    found = [quad for quad in engine if isinstance(quad.object, ox.Literal) and quad.object.value == old]
    assert len(old) == len(new)
    assert len(found) >= 2  # its graph, and the union
    for quad in found:
        engine.remove(quad)
        engine.add(ox.Quad(quad.subject, quad.predicate, ox.Literal(new), quad.graph_name))
    engine.flush()


def alter_patch(folder: Path, old: bytes, new: bytes) -> None:
    """Write other bytes of the same length into the file that holds a patch."""
    assert len(old) == len(new)
    for place in spans(folder / "changesets").values():
        text = gzip.decompress(place.read_bytes())
        if old in text:
            place.write_bytes(gzip.compress(text.replace(old, new, 1), mtime=0))
            return
    raise AssertionError(f"no patch has {old!r}")


def write_records(folder: Path, records: Records, *, patches: dict[int, str] | None = None) -> None:
    """Let the history be these records, numbers and hashes as they stand in them, and the patches theirs."""
    engine = ox.Store(folder / "db")
    for quad in list(engine.quads_for_pattern(None, None, None, _HISTORY)):
        engine.remove(quad)
    for changeset, text in records:
        patch = (patches or {}).get(changeset.number, digest(text))
        engine.extend(normalised(quads_of(changeset, patch)))
    engine.flush()


def write_patches(folder: Path, texts: list[bytes]) -> None:
    """Let the patches be these, from the first changeset on."""
    for place in spans(folder / "changesets").values():
        place.unlink()
    for number, text in enumerate(texts, start=1):
        writer = PatchWriter(folder / "changesets", number)
        writer.add(text)
        writer.close()


def write_content(folder: Path, texts: list[bytes]) -> None:
    """Let the named graphs and the union be what the patches come to."""
    replay = Replay()
    for text in texts:
        replay.apply(text)
    quads = list(ox.parse(b"\n".join(sorted(replay.added)), ox.RdfFormat.N_QUADS))
    engine = ox.Store(folder / "db")
    for quad in [quad for quad in engine if quad.graph_name != _HISTORY]:
        engine.remove(quad)
    engine.extend(quads)
    engine.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    engine.flush()


def rewrite(folder: Path, change: Callable[[Records], Any]) -> None:
    """Change the records in any way, then number and hash all of them anew, and write patches and content to fit."""
    records = records_of(folder)
    change(records)
    parent: str | None = None
    anew: Records = []
    for number, (changeset, text) in enumerate(records, start=1):
        draft = changeset.model_copy(update={"number": number, "parent": parent})
        parent = chained(draft, digest(text))
        anew.append((draft.model_copy(update={"hash": parent}), text))
    write_records(folder, anew)
    write_patches(folder, [text for _, text in anew])
    write_content(folder, [text for _, text in anew])
