"""The part of a network that has any bearing on a few nodes, and the conditions under which these turn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.trace.exact import Solution, whole_solution
from aimsgraph.trace.network import Adjacency, Network, distances, relevant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.trace.projection import Floats, Ints

#: Columns of chances that are evaluated at once, so that memory stays small.
_COLUMNS: Final = 32


def toward(net: Network, targets: Sequence[int], hops: int | None = None) -> tuple[Network, Ints]:
    """Drop the edges that can have no bearing on any of the ``targets``; else as :func:`relevant`.

    The probabilities of the targets stay what they were, and so do the worlds that a seed gives.
    """
    matter, distance = relevant(net, hops)
    roots = np.array(sorted({*net.sources, *net.leaks}), np.int64)
    fed = distances(matter.target, Adjacency.by(matter.source, net.size), net.size, roots, hops)
    goals = np.array(sorted(set(targets)), np.int64)
    heard = distances(matter.source, Adjacency.by(matter.target, net.size), net.size, goals, hops)
    kept = heard[matter.target] >= 0
    if hops is not None:
        kept &= fed[matter.source] + 1 + heard[matter.target] <= hops
    return matter.keeping(np.flatnonzero(kept)), distance


class Switches:
    """The exact conditions of a few nodes when every edge is a switch of its own, like a control.

    A column of chances holds the effectiveness of each control, then for each edge the chance that it is closed: any
    of them can be forced, also where an edge is certain.

    :raises TooLargeError: with more than ``max_variables`` chances, or when the diagrams outgrow their budget.
    """

    def __init__(self, net: Network, distance: Ints, *, hops: int | None, max_variables: int) -> None:
        self.controls = len(net.control_names)
        edges = len(net.source)
        self.now: Floats = np.concatenate((net.assured, 1.0 - net.probability))
        guards = [
            (*net.guard_sets[number], self.controls + edge) for edge, number in enumerate(net.guard.tolist())
        ]
        switched = replace(
            net,
            probability=np.ones(edges),
            guard=np.arange(edges, dtype=np.int64),
            guard_sets=tuple(guards),
            claimed=self.now,
            assured=self.now,
            control_names=[*net.control_names, *("" for _ in range(edges))],
        )
        self._solution = whole_solution(switched, distance, hops=hops, max_variables=max_variables)

    def probabilities(self, node: int, columns: Sequence[Floats]) -> Floats:
        """Return Pr[node turns] under each of the columns of chances."""
        found: Floats = evaluated(self._solution, [node], columns)[0]
        return found


def evaluated(solution: Solution, nodes: Sequence[int], columns: Sequence[Floats]) -> Floats:
    """Return Pr[node turns] per node and column, some columns at a time."""
    parts = []
    for at in range(0, len(columns), _COLUMNS):
        go_on()
        parts.append(solution.probabilities(nodes, np.stack(columns[at : at + _COLUMNS], axis=1)))
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(nodes), 0))


def forced(column: Floats, place: int | Sequence[int], chance: float) -> Floats:
    """Return a column of chances with one or more of them set."""
    other = column.copy()
    other[place] = chance
    return other
