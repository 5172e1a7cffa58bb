"""A part of a store, for those who may see some of its graphs only: a store of its own, which has nothing else in it.

What is not there cannot be seen, counted or inferred from, by whatever way a question takes: so a part needs no care in
the code that answers. It holds the graphs that were chosen and the ontology, its history is what of the history
concerns them, and what follows by the rules of inference follows from them alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import weakref
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from threading import Lock
from time import time
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import StoreUnusableError
from aimsgraph.store.archive import archive_of
from aimsgraph.store.change import Change
from aimsgraph.store.folder import create
from aimsgraph.store.history import EMPTY, head_of, recorded
from aimsgraph.store.ontology import is_ontology
from aimsgraph.store.patch import parted
from aimsgraph.store.place import evidence_root, place
from aimsgraph.store.still import is_writable, mark
from aimsgraph.store.writer import open_writer
from aimsgraph.vocab import is_reserved

try:
    import fcntl
except ImportError:  # without such locks one process alone may serve a store
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import pyoxigraph as ox

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.archive import Archive, Place
    from aimsgraph.store.memory_store import Memory

#: The folder, in that of a store, in which its parts lie.
PARTS: Final = "parts"
#: A part that was not asked for in so many seconds goes away; nobody looks at it any more by then.
KEPT: Final = 7 * 24 * 3600
_DONE: Final = "whole.json"
_LOCK: Final = "lock"
#: Seconds to wait for another process that brings the same part up to date.
_PATIENCE: Final = 120.0
_AUTHOR: Final = "aimsgraph"
_CUT: Final = "A change of several graphs, as far as it can be seen"


class Parts:
    """The parts of one store, each made when it is first asked for and renewed when it is asked for again."""

    def __init__(self, place: Place, home: Path) -> None:
        self.place = place
        self.home = home
        self._lock = Lock()
        #: The state of the whole store's files as of which each part was found to be up to date.
        self._marks: dict[Path, object] = {}

    def of(self, graphs: Collection[str]) -> Path:
        """Return the folder of the store that holds these graphs (IRIs) as they are now.

        Graphs that the store alone writes are never among them, whatever was asked for, but for the ontology.

        :raises StoreUnusableError: the disk is full, or the folder cannot be written.
        :raises StoreAlteredError: the history is not what was written.
        """
        chosen = frozenset(graph for graph in graphs if not is_reserved(graph))
        folder = self.home / hashlib.sha256("\n".join(sorted(chosen)).encode()).hexdigest()[:32]
        with self._lock:
            try:
                self.home.mkdir(parents=True, exist_ok=True)
                self._renew(folder, chosen)
                os.utime(folder)
                self._forget(folder)
            except OSError as error:
                raise StoreUnusableError(
                    f"The part of the store that may be seen cannot be made: {error.strerror or error}.",
                    hint="Check the space on the disk and the permissions of the store's folder.",
                ) from error
        return folder

    def _renew(self, folder: Path, chosen: frozenset[str]) -> None:
        now = mark(self.place) if isinstance(self.place, Path) else None
        if now is not None and self._marks.get(folder) == now and (folder / _DONE).exists():
            return
        with _alone(self.home):
            archive = archive_of(self.place)
            _, head = head_of(archive.records())
            number, known = _done(folder)
            if known != head:
                self._play(folder, chosen, archive, number, known)
        if now is not None:
            self._marks[folder] = now

    def _play(
        self, folder: Path, chosen: frozenset[str], archive: Archive, number: int, known: str | None
    ) -> None:
        chain = recorded(archive.records())
        if known is None or number > len(chain) or (number and chain[number - 1][0].hash != known):
            shutil.rmtree(folder, ignore_errors=True)
            number = 0
            create(folder, now=datetime.now(UTC), evidence_root=evidence_root(self.place))
        with open_writer(folder, patience=_PATIENCE) as writer:
            seen = _seen(archive, chain[number:], chosen)
            # What was written together, at one time, is again: each commit waits for the disk.
            for now, together in groupby(seen, key=lambda entry: entry[0]):
                writer.commit([change for _, change in together], now=now, infer=False)
            writer.commit([], now=chain[-1][0].time if chain else datetime.now(UTC))
        _note(folder, len(chain), chain[-1][0].hash if chain else EMPTY)

    def _forget(self, folder: Path) -> None:
        for other in self.home.iterdir():
            with suppress(FileNotFoundError):  # another process has forgotten it
                if other != folder and time() - other.stat().st_mtime > KEPT:
                    shutil.rmtree(other, ignore_errors=True)


def parts_of(named: str | Path | Memory) -> Parts:
    """Return the parts of a store, which lie in its folder, or elsewhere where there is none that may be written."""
    where = place(named)
    if isinstance(where, Path) and is_writable(where):
        return Parts(where, where / PARTS)
    folder = Path(tempfile.mkdtemp(prefix="aimsgraph-parts-"))
    parts = Parts(where, folder)
    weakref.finalize(parts, shutil.rmtree, folder, ignore_errors=True)
    return parts


def _seen(
    archive: Archive, chain: list[tuple[Changeset, str]], chosen: frozenset[str]
) -> Iterator[tuple[datetime, Change]]:
    """Yield what changesets changed in the graphs that may be seen, and when."""

    def visible(quads: list[ox.Quad]) -> list[ox.Quad]:
        return [quad for quad in quads if _shows(str(getattr(quad.graph_name, "value", "")), chosen)]

    for changeset, sha256 in chain:
        if changeset.graph is not None and not _shows(changeset.graph, chosen):
            continue
        removed, added = parted(archive.patch(changeset.number, sha256))
        fewer, less = visible(removed), visible(added)
        if not fewer and not less:
            continue
        whole = len(fewer) == len(removed) and len(less) == len(added)
        yield changeset.time, _part_of(changeset, less, fewer, whole=whole)


def _shows(graph: str, chosen: frozenset[str]) -> bool:
    return graph in chosen or is_ontology(graph)


def _part_of(changeset: Changeset, added: list[ox.Quad], removed: list[ox.Quad], *, whole: bool) -> Change:
    """Return a changeset as the wish to write it; of one that is not seen whole, its words are not told."""
    named = {quad.graph_name.value for quad in (*added, *removed)}  # type: ignore[union-attr]
    graph = named.pop() if len(named) == 1 else None
    if not whole:
        return Change(graph, _AUTHOR, _CUT, added, removed)
    author, message = changeset.author, changeset.message
    return Change(graph, author, message, added, removed, False, changeset.source, changeset.source_sha256)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Make or renew parts alone; other processes of the same store wait meanwhile, and find them done."""
    with (home / _LOCK).open("ab") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _done(folder: Path) -> tuple[int, str | None]:
    """Return the number and the hash of the changeset up to which a part was made; no hash when there is none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        content = json.loads((folder / _DONE).read_text(encoding="utf-8"))
        return int(content["number"]), str(content["hash"])
    return 0, None


def _note(folder: Path, number: int, head: str) -> None:
    """Note, whole or not at all, up to which changeset a part was made."""
    draft = folder / f".{_DONE}"
    draft.write_text(json.dumps({"number": number, "hash": head}), encoding="utf-8")
    draft.replace(folder / _DONE)
