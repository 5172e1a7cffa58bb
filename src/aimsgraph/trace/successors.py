"""What comes after each node, as plain lists: for searches that go from node to node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.trace.projection import Ints


class Successors:
    """The heads of the edges of each node, in the order of the edges."""

    def __init__(self, tail: Ints, head: Ints, size: int) -> None:
        counts = np.bincount(tail, minlength=size)
        self._start: list[int] = np.concatenate(([0], np.cumsum(counts))).tolist()
        self._heads: list[int] = head[np.argsort(tail, kind="stable")].tolist()

    def of(self, node: int) -> Iterator[int]:
        """Go through what comes after a node."""
        return iter(self._heads[self._start[node] : self._start[node + 1]])
