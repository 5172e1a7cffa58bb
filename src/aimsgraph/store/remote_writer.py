"""The writer of a store on a server: the same changesets as in a folder, each commit in one update."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import StoreAlteredError, StoreUnusableError, UsageError
from aimsgraph.store.applying import Applying
from aimsgraph.store.change import Pending
from aimsgraph.store.excerpt import excerpt_of
from aimsgraph.store.facts import ServerFacts
from aimsgraph.store.inference import following, inference
from aimsgraph.store.interrupt import commit_shield
from aimsgraph.store.mirror import Mirror
from aimsgraph.store.recording import Recording, moved
from aimsgraph.store.remote import RemoteView
from aimsgraph.store.remote_commit import Write, expected_head, small_update, staged_update
from aimsgraph.store.remote_history import hashes_of, head_at, sources_at
from aimsgraph.store.remote_lock import Ticket
from aimsgraph.store.remote_manifest import check_format, union_by_itself
from aimsgraph.store.remote_patch import parts_of
from aimsgraph.store.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    import pyoxigraph as ox

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store.change import Change
    from aimsgraph.store.endpoint import Endpoint
    from aimsgraph.store.ground import Ground

#: Quads per second that a server moves at the very least: how long a write may take before its writer counts as dead.
_SLOWEST: Final = 1000
#: Seconds between two looks whether a write arrived whose answer did not.
_LOOKS: Final = (0.2, 0.5, 1.0, 2.0)


@contextlib.contextmanager
def open_remote_writer(
    endpoint: Endpoint, *, patience: float | None = None, lease: float | None = None
) -> Iterator[RemoteWriter]:
    """Open the store on a server for writing, for the length of a ``with`` block; wait for others who write.

    What writers that died left behind is cleared away first.

    :raises StoreNotFoundError, StoreTooNewError, StoreUnusableError: it cannot be written.
    :raises StoreLockedError: others write for longer than ``patience`` seconds.
    """
    server = Server(endpoint)
    check_format(server)
    with turn(endpoint, patience=patience, lease=lease) as ticket:
        writer = RemoteWriter(server, ticket)
        try:
            yield writer
        finally:
            writer.close()


@contextlib.contextmanager
def turn(
    endpoint: Endpoint, *, patience: float | None = None, lease: float | None = None
) -> Iterator[Ticket]:
    """Be the only writer on a server for the length of a ``with`` block.

    :raises StoreLockedError: others write for longer than ``patience`` seconds.
    """
    ticket = Ticket(endpoint, lease=lease)
    dead = ticket.take(patience=patience)
    try:
        for other in dead:
            ticket.sweep(other)
        yield ticket
    finally:
        ticket.give_back()


class RemoteWriter(Applying):
    """Writes changesets to a server. One has its turn at a time; threads that share it take turns, too."""

    def __init__(self, server: Server, ticket: Ticket) -> None:
        self._server: Server | None = server
        self._ticket = ticket
        self._turn = threading.RLock()
        self._number, self._head = head_at(server)
        self._writes_union = not union_by_itself(server)

    @property
    def head(self) -> str:
        """The hash of the newest changeset."""
        return self._head

    @property
    def endpoint(self) -> Endpoint:
        """The server that is written to."""
        return self._opened().endpoint

    def view(self) -> RemoteView:
        """Return a view of what is committed; like all views of a server it shows later writes."""
        view = RemoteView(self.endpoint)
        if not self._writes_union:
            view.meet()
        return view

    def ground(
        self, *, most: int | None = None, seconds: float | None = None
    ) -> AbstractContextManager[Ground]:
        """Give what the server holds now, as much of it as is asked for, within the limits.

        :raises LimitExceededError, TimeLimitError: in the ``with`` block, when more is looked at.
        """
        return excerpt_of(self._opened(), self.head, most=most, seconds=seconds)

    def made_from(self) -> dict[str, str]:
        """Return for each graph the SHA-256 of the source that it was last written from."""
        return sources_at(self._opened())

    def close(self) -> None:
        """Write no more; the turn ends with the block that opened it."""
        self._server = None

    def commit(
        self,
        changes: Sequence[Change],
        *,
        now: datetime,
        progress: Callable[[int, int], None] | None = None,
        expected: str | None = None,
        infer: bool = True,
    ) -> list[Changeset | None]:
        """Write several changes, each its own changeset, in one update: all of them or none.

        Return one changeset per change, None for those that change nothing. When this returns, the server has
        answered that the data and its record are there, and shows them. ``progress`` is told quads written and in
        all. With ``expected`` it is written only upon that head: what was read there still holds.

        What follows from the changes by the rules is then written as one changeset more, in an update of its
        own, unless ``infer`` is off; if that is cut short, the next commit makes up for it.

        :raises StoreUnusableError: the server did not take it. Nothing was written; but when it gave no answer it may
            yet do so, and nobody gets to write, this writer included, before the lease is up.
        :raises StoreMovedError: the head is not the expected one any more; nothing was written.
        :raises StoreLockedError: this process was held up, and lost its turn; nothing was written.
        :raises StoreAlteredError: somebody wrote past this writer, and the history has two ends.
        :raises InferenceFailedError: the changes are written, and not what follows from them.
        """
        with self._turn, commit_shield() as close:
            if expected is not None and expected != self._head:
                raise moved()
            made = self._commit(changes, now, progress, close)
            if infer:
                with following(self._head):
                    follows = inference(ServerFacts(self._of_sources()))
                    if follows is not None:
                        self._commit([follows], now, None, close)
            return made

    def _of_sources(self) -> Server:
        """Return a line to the server on which its default graph is the union of the sources, as they are now."""
        server = self._opened()
        if self._writes_union:
            return server
        found = Server(server.endpoint)
        found.view.meet()
        return found

    def _commit(
        self,
        changes: Sequence[Change],
        now: datetime,
        progress: Callable[[int, int], None] | None,
        close: Callable[[], None],
    ) -> list[Changeset | None]:
        server = self._opened()
        mirror = Mirror(server)
        pending = Pending(mirror.store)
        parts: list[ox.Quad] = []
        recording = Recording(
            pending, self._number, self._head, lambda number, text: parts.extend(parts_of(number, text))
        )
        made = [recording.take(mirror.prepare(change), now) for change in changes]
        if recording.number > self._number:
            if self._writes_union and pending.removed:
                mirror.learn_union(pending)
            lost = list(pending.union_removed()) if self._writes_union else []
            kept = [*recording.records, *parts]
            write = Write(list(pending.added), list(pending.removed), lost, kept, self._writes_union)
            self._send(write, [changeset for changeset in made if changeset is not None], progress, close)
        self._number, self._head = recording.number, recording.head
        return made

    def _send(
        self,
        write: Write,
        made: list[Changeset],
        progress: Callable[[int, int], None] | None,
        close: Callable[[], None],
    ) -> None:
        server = self._opened()
        condition = f"{self._ticket.condition()} {expected_head(self._number, self._head)}"
        seconds = 60 + len(write) / _SLOWEST
        if write.is_small and not server.profile.staged:
            self._ticket.check()
            if progress is not None:
                progress(0, len(write))
            close()
            self._settle(server, small_update(write, condition), made, seconds)
            self._look_again(server, write)
            return
        try:
            update = staged_update(write, condition, server, self._ticket, progress)
            self._ticket.extend(2 * len(write) / _SLOWEST)
            self._ticket.check()
            close()
            self._settle(server, update, made, seconds)
            self._look_again(server, write)
        finally:
            self._ticket.clear()
            with contextlib.suppress(StoreUnusableError):
                self._ticket.extend(0)

    def _look_again(self, server: Server, write: Write) -> None:
        """Make sure that all was added and removed, unless the tests have shown that this kind of server does it.

        :raises StoreAlteredError: a part of it was not.
        """
        if server.profile.tested and not server.profile.staged:
            return
        there = sum(1 for _ in server.held(write.added, by_value=False))
        if there != len(write.added) or any(server.held(write.removed, by_value=False)):
            raise StoreAlteredError(
                f"The server at {server.endpoint} did only a part of what it was told.",
                hint="Let nobody write before it is put right. What is wrong says: aimsgraph verify",
            )

    def _settle(self, server: Server, update: str, made: list[Changeset], seconds: float) -> None:
        """Send the update, and believe nothing but what the history says afterwards; send it again at most once.

        Were it done twice, it would be done once: the same quads, the same record. A server that is too slow is not
        asked again: it is at work on it.
        """
        import requests  # only now: commands on a folder do not wait for it

        failure = self._sent(server, update, seconds)
        if self._arrived(server, made, looks=_LOOKS if failure else ()):
            return
        self._ticket.check()
        again = failure is not None and not isinstance(failure.__cause__, requests.Timeout)
        if again and head_at(server) == (self._number, self._head):
            failure = self._sent(server, update, seconds)
            if self._arrived(server, made, looks=_LOOKS if failure else ()):
                return
        if failure is None:
            raise moved()
        if failure.__cause__ is not None:
            # No answer: the server may yet do it. So nobody writes, not even this writer, before the lease is up.
            self._ticket.leave()
            self.close()
        raise failure

    def _sent(self, server: Server, update: str, seconds: float) -> StoreUnusableError | None:
        try:
            server.update(update, patience=seconds)
        except StoreUnusableError as failure:
            return failure
        return None

    def _arrived(self, server: Server, made: list[Changeset], *, looks: Sequence[float]) -> bool:
        """Say whether the changesets are in the history, and nothing else at their place or after them.

        :raises StoreAlteredError: they are there, but not alone, or not all of them.
        """
        expected = {changeset.number: {changeset.hash} for changeset in made}
        found: dict[int, set[str]] = {}
        for pause in (0.0, *looks):
            time.sleep(pause)
            found = hashes_of(server, self._number)
            if found == expected:
                return True
        if any(hashes & expected.get(number, set()) for number, hashes in found.items()):
            strange = any(hashes - expected.get(number, set()) for number, hashes in found.items())
            what = (
                "somebody wrote another one past the tickets"
                if strange
                else "the server did only a part of it"
            )
            raise StoreAlteredError(
                f"The history at {server.endpoint} is not one chain from changeset {made[0].number} on: {what}.",
                hint="Let nobody write before it is put right. What is wrong says: aimsgraph verify",
            )
        return False

    def _opened(self) -> Server:
        if self._server is None:
            raise UsageError("This writer is closed.")
        return self._server
