"""Strongly connected components: which nodes can reach each other, and so stand in one circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.trace.successors import Successors

if TYPE_CHECKING:
    from aimsgraph.trace.projection import Ints

#: So many rounds of taking away nodes that nothing comes to, or that lead nowhere; the rest is gone through one by one.
_ROUNDS: Final = 64


def components(tail: Ints, head: Ints, size: int) -> Ints:
    """Return for each node the least number of a node in its component; alone in it is who is on no cycle.

    Tarjan's algorithm, without recursion, on what is left when the nodes that can be on no cycle are taken away.
    """
    component = np.arange(size, dtype=np.int64)
    core = _core(tail, head, size)
    if not len(core):
        return component
    after = Successors(tail[core], head[core], size)
    order, low = dict[int, int](), dict[int, int]()
    pending: list[int] = []
    waiting: set[int] = set()
    for root in np.unique(tail[core]).tolist():
        if root in order:
            continue
        stack = [(root, after.of(root))]
        order[root] = low[root] = len(order)
        pending.append(root)
        waiting.add(root)
        while stack:
            node, steps = stack[-1]
            step = next(steps, None)
            if step is None:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == order[node]:
                    _close(component, pending, waiting, node)
            elif step not in order:
                order[step] = low[step] = len(order)
                pending.append(step)
                waiting.add(step)
                stack.append((step, after.of(step)))
            elif step in waiting:
                low[node] = min(low[node], order[step])
    return component


def _close(component: Ints, pending: list[int], waiting: set[int], node: int) -> None:
    members: list[int] = []
    while not members or members[-1] != node:
        members.append(pending.pop())
    waiting.difference_update(members)
    component[members] = min(members)


def _core(tail: Ints, head: Ints, size: int) -> Ints:
    """Return the edges among nodes that both have something before them and something after."""
    kept = np.flatnonzero(tail != head)
    for _ in range(_ROUNDS):
        has_before = np.bincount(head[kept], minlength=size) > 0
        has_after = np.bincount(tail[kept], minlength=size) > 0
        inner = has_before & has_after
        fewer = kept[inner[tail[kept]] & inner[head[kept]]]
        if len(fewer) == len(kept):
            break
        kept = fewer
    return kept
