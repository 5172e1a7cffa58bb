"""A store as a record: what was changed when and by whom, and whether anybody has altered it."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aimsgraph import store
from aimsgraph.checking import reference_date, today
from aimsgraph.errors import NodeNotFoundError, StoreAlteredError, UsageError
from aimsgraph.model.changeset import Extent
from aimsgraph.vocab import AIMS, HISTORY_GRAPH, PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from aimsgraph.model.changeset import Changeset, Compacted, Copied, Difference, NodeChange, Verification
    from aimsgraph.model.proof import NotedHeads, WrittenBundle
    from aimsgraph.store import View


class Record:
    """One store, in a folder, on a server or in memory, as it is now or, with ``as_of``, as it was."""

    def __init__(self, place: store.Place, as_of: str | None = None) -> None:
        self.place = place
        self.as_of = as_of
        self._view: View | None = None
        self.view()  # fails here, not at the first question, when there is no store

    def view(self) -> View:
        """Return a read-only look at the newest committed state, or at the one as of which the graph was opened."""
        if self._view is None:
            self._view = store.open_place(self.place, self.as_of)
        return self._view

    @property
    def path(self) -> Path:
        """The folder of the store.

        :raises UsageError: the graph is on a server, or in memory.
        """
        return store.folder_at(self.place)

    def today(self, day: date | None = None) -> date:
        """Return the day as on which dates are judged: ``day``, else the graph's reference date, else today.

        A graph opened as of an earlier moment has the day of that moment for today.
        """
        return day or reference_date(self.view()) or self._day_of_moment() or today()

    def _day_of_moment(self) -> date | None:
        if self.as_of is None:
            return None
        if (instant := store.instant_of(self.as_of)) is not None:
            return instant.date()
        newest = self.log()[-1:]
        return newest[0].time.date() if newest else None

    def for_writing(self) -> store.Place:
        """Return where the store is.

        :raises UsageError: the graph was opened as of an earlier moment, which nobody can change.
        """
        if self.as_of is not None:
            raise UsageError(
                f"What was as of {self.as_of} cannot be changed.",
                hint="Open the store as it is now to write to it.",
            )
        return self.place

    def log(
        self, *, source: str | None = None, author: str | None = None, node: str | None = None
    ) -> list[Changeset]:
        """List the changesets, oldest first: of one source or author, or those that concern a node.

        A node that is there no more is named by its IRI or CURIE; an IRI that is neither a URN nor has ``//`` in it
        is then written in ``<>``.

        :raises NodeNotFoundError: the name is neither, and nothing that is there has it.
        """
        found = [
            changeset
            for changeset in store.changesets(self.view())
            if (source is None or changeset.source == source)
            and (author is None or changeset.author == author)
        ]
        return found if node is None else store.touching(self.place, self._iri(node), found)

    def _iri(self, name: str) -> str:
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        iri = expand(name) or name
        if iri != name or "://" in iri or iri.startswith("urn:"):
            return iri
        try:
            return store.resolve(self.view(), name).id
        except NodeNotFoundError as error:
            prefix, colon, _ = name.partition(":")
            if not colon or " " in name:
                raise
            hint = error.hint if (like := store.close(prefix, PREFIXES)) is None else like
            raise NodeNotFoundError(
                f"There is no prefix {prefix}:, and nothing in the store has the name {name}.",
                hint=f"{hint} An IRI that is there no more is written in <>.", problems=error.problems,
            ) from None  # fmt: skip

    def extent(self) -> Extent:
        """Return how many changesets and statements there are, without going through them."""
        rows = self.view().select(
            f"SELECT (COUNT(?added) AS ?changesets) ((SUM(?added) - SUM(?removed)) AS ?statements) WHERE {{ "
            f"GRAPH <{HISTORY_GRAPH}> {{ ?one <{AIMS}addedQuads> ?added ; <{AIMS}removedQuads> ?removed }} }}"
        )
        counted = {name: int(str(value)) for row in rows for name, value in row.items()}
        return Extent(changesets=counted.get("changesets", 0), statements=counted.get("statements", 0))

    def diff(self, older: str, newer: str = "head") -> Difference:
        """Say what changed between two states, each named by a changeset, a day or an instant."""
        return store.difference(self.place, older, newer)

    def by_node(self, difference: Difference) -> list[NodeChange]:
        """Group a difference by the nodes that it is about, with the names of things."""
        return store.by_node(difference, self.view())

    def back_up(self, target: str | Path) -> Copied:
        """Copy the store as it is now to a new folder, while others read and write; the copy is a store of its own.

        :raises StoreExistsError, StoreUnusableError: something stands there, or a folder cannot be read or written.
        """
        return store.back_up(store.folder_at(self.for_writing()), Path(target))

    def compact(self) -> Compacted:
        """Put the files of the store in order: worth it after many small changes.

        :raises StoreLockedError: another process is writing.
        """
        self._view = None
        return store.compact(store.folder_at(self.for_writing()))

    def verify(
        self, *, heads: Sequence[str | Path] = (), public_keys: Sequence[str | Path] = ()
    ) -> Verification:
        """Recompute the hash chain, compare the content with it, and the history with the heads in the files named.

        When public keys are given each head must be signed by one of them.

        :raises InputNotReadableError: something is no file of heads or no key.
        """
        known = store.heads_in(map(Path, heads))
        return store.verify(self.place, heads=known, keys=store.read_public_keys(map(Path, public_keys)))

    def note_heads(
        self,
        file: str | Path,
        *,
        by: str | None = None,
        key: str | Path | None = None,
        passphrase: Callable[[], str] = str,
        every: bool = False,
    ) -> NotedHeads:
        """Add the hash of the newest changeset, or with ``every`` of all of them, to a file that is kept elsewhere.

        With the file of a private ``key`` they are signed; ``passphrase`` is asked for its passphrase if it has one.

        :raises StoreAlteredError: the history is no longer the one of the heads that stand in the file already.
        """
        private = store.read_private_key(Path(key), passphrase) if key is not None else None
        return store.note_heads(
            self.place, Path(file), now=datetime.now(UTC), by=by or present_author(), key=private, every=every
        )

    def bundle(self, path: str | Path, *, heads: Sequence[str | Path] = ()) -> WrittenBundle:
        """Write content, history and noted heads to one file, which can be checked without the store.

        :raises OutputNotWritableError: when the file cannot be written.
        """
        return store.write_bundle(self.place, Path(path), [Path(file) for file in heads])


def present_author() -> str:
    """Return the name of whoever runs the program."""
    try:
        return getpass.getuser()
    except OSError:  # no such user in the system's list, as in some containers
        return "unknown"


def restore(backup: str | Path | store.Memory, path: str | Path | store.Memory = "aims.store") -> Copied:
    """Bring a backup, a bundle or another store back to a folder, a server or memory, where nothing may stand.

    It is verified first. A folder is copied to a folder; in all other cases the history is done again, and every
    changeset has the hash that it had.

    :raises StoreAlteredError: the backup is not what its history says.
    :raises StoreNotFoundError, StoreExistsError: there is no backup, or something stands at ``path``.
    :raises StoreUnusableError: the folder or the server cannot be read or written.
    """
    source, target = store.place(backup), store.place(path)
    bundled = isinstance(source, Path) and source.is_file()
    found = store.verify_bundle(str(backup)) if bundled else store.verify(source)
    if not found.intact:
        raise StoreAlteredError(
            f"The backup at {source} is not what its history says: {found.first_difference}",
            hint="Take another backup.",
        )
    if isinstance(source, Path) and bundled:
        return store.do_again(store.entries_in(source), target, now=datetime.now(UTC))
    if isinstance(source, Path) and isinstance(target, Path):
        return store.back_up(source, target)
    root = store.evidence_root(source)
    return store.do_again(store.entries_of(source), target, now=datetime.now(UTC), evidence_root=root)
