"""The two plain ways to write one change, in terms of the one that writes several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from aimsgraph.store.change import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    import pyoxigraph as ox

    from aimsgraph.model.changeset import Changeset


class Applying(Protocol):
    """Gives a writer that can commit its :meth:`apply` and :meth:`replace`."""

    def commit(
        self,
        changes: Sequence[Change],
        *,
        now: datetime,
        progress: Callable[[int, int], None] | None = None,
        expected: str | None = None,
        infer: bool = True,
    ) -> list[Changeset | None]:
        """Write several changes, each its own changeset: all of them or none; None for those that change nothing.

        With ``expected`` they are written only upon that head. With ``infer`` what follows by the rules is written too.

        :raises StoreMovedError: the head is not the expected one any more; nothing was written.
        """
        ...

    def apply(
        self,
        added: Iterable[ox.Quad],
        removed: Iterable[ox.Quad] = (),
        *,
        graph: str,
        author: str,
        message: str,
        now: datetime,
        source: str | None = None,
        source_sha256: str | None = None,
        expected: str | None = None,
    ) -> Changeset | None:
        """Add and remove quads; quads without a graph belong to ``graph``.

        Return the changeset, or None when everything was so already.
        """
        change = Change(graph, author, message, added, removed, False, source, source_sha256)
        return self.commit([change], now=now, expected=expected)[0]

    def replace(
        self,
        graph: str,
        quads: Iterable[ox.Quad],
        *,
        author: str,
        message: str,
        now: datetime,
        source: str | None = None,
        source_sha256: str | None = None,
        expected: str | None = None,
    ) -> Changeset | None:
        """Let the named graph hold these quads and no others; quads of other graphs are added there.

        Return the changeset with the difference, or None when there is none.
        """
        change = Change(graph, author, message, quads, (), True, source, source_sha256)
        return self.commit([change], now=now, expected=expected)[0]
