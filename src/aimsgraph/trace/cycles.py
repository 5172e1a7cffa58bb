"""What depends, in the end, on itself."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.model.routes import Cycle, Cycles
from aimsgraph.store import describe
from aimsgraph.trace.condensation import circles
from aimsgraph.trace.filters import EVERYTHING, shown
from aimsgraph.trace.flow import flow_of
from aimsgraph.trace.successors import Successors

if TYPE_CHECKING:
    from collections.abc import Collection

    from aimsgraph.store.protocol import View
    from aimsgraph.trace.filters import Filters
    from aimsgraph.trace.flow import Flow
    from aimsgraph.trace.projection import Ints, Projection

#: So many edges are looked at, of all circles together, for the shortest ways round.
MAX_STEPS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Round:
    """A way round, as node numbers, and whether none is shorter; ``steps`` counts the edges looked at."""

    nodes: tuple[int, ...]
    shortest: bool
    steps: int


def cycles(
    view: View, projection: Projection, *, wanted: Filters = EVERYTHING, max_steps: int = MAX_STEPS
) -> Cycles:
    """Find the groups of nodes that depend on each other in a circle, and each node that depends on itself.

    Each is told with a shortest way round, as far as ``max_steps`` go: the smallest groups are searched first. They are
    ordered largest first, then by the IRIs of the members. A group is told when one of its members is of the types
    and areas ``wanted``.
    """
    flow = flow_of(projection, wanted)
    component = circles(flow.tail, flow.head, flow.size)
    groups = _groups(flow, component)
    if wanted.of_nodes:
        every = np.array(sorted(node for group in groups for node in group), np.int64)
        fitting = set(shown(view, projection, wanted, every).tolist())
        groups = [group for group in groups if not fitting.isdisjoint(group)]
    groups.sort(key=lambda group: (-len(group), group))
    rounds = _rounds(flow, component, groups, max_steps)
    known = describe(view, sorted({name for group in groups for name in flow.ids(group)}))
    steps = flow.properties([(*found.nodes, found.nodes[0]) for found in rounds])
    return Cycles(
        cycles=tuple(
            Cycle(
                nodes=tuple(known[name] for name in flow.ids(group)),
                example=flow.ids(found.nodes),
                properties=properties,
                shortest=found.shortest,
            )
            for group, found, properties in zip(groups, rounds, steps, strict=True)
        ),
        completeness=flow.whole() if all(found.shortest for found in rounds) else flow.given_up(),
        snapshot=projection.snapshot,
        date=projection.today,
        filters=wanted.said,
    )


def _groups(flow: Flow, component: Ints) -> list[list[int]]:
    sizes = np.bincount(component, minlength=flow.size)
    alone = np.unique(flow.tail[flow.tail == flow.head])
    groups: dict[int, list[int]] = {}
    for node in np.flatnonzero(sizes[component] > 1).tolist():
        groups.setdefault(int(component[node]), []).append(node)
    return [*groups.values(), *([node] for node in alone.tolist() if sizes[component[node]] == 1)]


def _rounds(flow: Flow, component: Ints, groups: list[list[int]], max_steps: int) -> list[Round]:
    """Return a way round in each group, searched for in the smallest groups first."""
    inner = component[flow.tail] == component[flow.head]
    after = Successors(flow.tail[inner], flow.head[inner], flow.size)
    own = frozenset(flow.tail[flow.tail == flow.head].tolist())
    found: dict[int, Round] = {}
    left = max_steps
    for at in sorted(range(len(groups)), key=lambda at: len(groups[at])):
        found[at] = shortest_round(after, own, groups[at], max_steps=left)
        left = max(0, left - found[at].steps)
    return [found[at] for at in range(len(groups))]


def shortest_round(after: Successors, own: Collection[int], group: list[int], *, max_steps: int) -> Round:
    """Find a shortest way round in a group of nodes that can all reach each other; the first of it by number.

    ``after`` leads from each only to nodes of its group, ``own`` are the nodes that lead to themselves. One
    breadth-first search from each node, which goes no farther than the best way found so far. At least the
    first search is carried through, however many steps it takes.
    """
    if not len(group):
        raise ValueError("a group has members")
    itself = next((node for node in group if node in own), None)
    if itself is not None:
        return Round((itself,), shortest=True, steps=0)
    best: tuple[int, ...] = ()
    steps = 0
    for start in group:
        go_on()
        found, taken = _round_from(after, start, len(best) or len(group) + 1)
        best = found or best
        steps += taken
        if len(best) == 2:
            break
        if steps > max_steps:
            return Round(_turned(best), shortest=start == group[-1], steps=steps)
    return Round(_turned(best), shortest=True, steps=steps)


def _round_from(after: Successors, start: int, longer: int) -> tuple[tuple[int, ...], int]:
    """Return a shortest way round through ``start``, if there is one of fewer than ``longer`` nodes; and the steps."""
    before: dict[int, int] = {start: start}
    far = {start: 1}
    waiting = deque([start])
    steps = 0
    while waiting:
        node = waiting.popleft()
        if far[node] >= longer:
            break
        for step in after.of(node):
            steps += 1
            if step == start:
                way = [node]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return tuple(reversed(way)), steps
            if step not in before:
                before[step], far[step] = node, far[node] + 1
                waiting.append(step)
    return (), steps


def _turned(way: tuple[int, ...]) -> tuple[int, ...]:
    """Begin a way round at its lowest number."""
    first = way.index(min(way))
    return way[first:] + way[:first]
