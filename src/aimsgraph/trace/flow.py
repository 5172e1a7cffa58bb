"""The dependencies that a question is about, and what its answers need to know of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from aimsgraph.errors import UsageError
from aimsgraph.model.node import Completeness
from aimsgraph.trace.filters import EVERYTHING, walkable
from aimsgraph.trace.way import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from aimsgraph.trace.filters import Filters
    from aimsgraph.trace.projection import Ints, Projection
    from aimsgraph.trace.way import Sense, Walk


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """The edges that are walked, in the direction of impact; ``tail`` and ``head`` number nodes of the projection.

    ``mask`` says of each edge of the projection whether it is one of them.
    """

    projection: Projection
    mask: npt.NDArray[np.bool_]
    tail: Ints
    head: Ints
    kind: Ints

    @property
    def size(self) -> int:
        """The number of nodes of the projection."""
        return self.projection.size

    def walk(self, start: int, sense: Sense) -> Walk:
        """Walk from a node to the end; what that costs grows with what is reached."""
        return walk(self.projection, start, sense, threats=True, edges=self.mask)

    def properties(self, ways: Iterable[Sequence[int]]) -> list[tuple[tuple[str, ...], ...]]:
        """Return for each way, step by step, the CURIEs of the properties that make the step."""
        steps = [list(pairwise(way)) for way in ways]
        on = np.zeros(self.size, bool)
        on[[node for way in steps for step in way for node in step]] = True
        near = np.flatnonzero(on[self.tail] & on[self.head])
        names: dict[tuple[int, int], list[str]] = {}
        for a, b, kind in zip(
            self.tail[near].tolist(), self.head[near].tolist(), self.kind[near].tolist(), strict=True
        ):
            names.setdefault((a, b), []).append(self.projection.properties[kind])
        return [tuple(tuple(sorted(names[step])) for step in way) for way in steps]

    def ids(self, nodes: Sequence[int]) -> tuple[str, ...]:
        """Return the IRIs of nodes."""
        return tuple(self.projection.ids[number] for number in nodes)

    def whole(self) -> Completeness:
        """Say that all of it was gone through."""
        ends = np.zeros(self.size, bool)
        ends[self.tail], ends[self.head] = True, True
        return Completeness(complete=True, nodes=int(np.count_nonzero(ends)), edges=len(self.tail))

    def given_up(self) -> Completeness:
        """Say that a search in it was given up after so many steps."""
        return self.whole().model_copy(update={"complete": False, "stopped_by": "steps"})


def flow_of(projection: Projection, wanted: Filters = EVERYTHING, *, threats: bool = False) -> Flow:
    """Return the edges of a projection that a question is about.

    :raises UsageError: the walk is to go only through nodes that are shown, which only a lineage does.
    """
    if wanted.said.only_through:
        raise UsageError("Only a lineage can go only through nodes that are shown.")
    mask = walkable(projection, wanted, threats=threats)
    kept = np.flatnonzero(mask)
    return Flow(projection, mask, projection.source[kept], projection.target[kept], projection.kind[kept])
