"""The max-min path: how far a risk without numbers comes, as an order of ways and never as a chance."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from aimsgraph.trace.network import Adjacency

if TYPE_CHECKING:
    from aimsgraph.trace.network import Network
    from aimsgraph.trace.projection import Floats


def weakest_links(net: Network, effectiveness: Floats) -> list[float]:
    """Return for each node what the best way to it lets through at its narrowest, from 0 to 1.

    An edge lets through the least of its transmission and of what each control before it leaves (1 - effectiveness). A
    gate that needs k causes is as wide as the k-th widest of them. Nothing is multiplied.
    """
    widths = net.probability.tolist()
    for edge, number in enumerate(net.guard.tolist()):
        for control in net.guard_sets[number]:
            widths[edge] = min(widths[edge], 1.0 - float(effectiveness[control]))
    outgoing = Adjacency.by(net.source, net.size)
    start, order, target = outgoing.start.tolist(), outgoing.edges.tolist(), net.target.tolist()
    found = [0.0] * net.size
    arrived = [0] * net.size
    settled = [False] * net.size
    # Widest first, so that the k-th to arrive at a node is the k-th widest.
    waiting: list[tuple[float, int]] = []
    for source in net.sources:
        arrived[source] = net.needs.get(source, 1) - 1
        heapq.heappush(waiting, (-1.0, source))
    while waiting:
        width, node = heapq.heappop(waiting)
        arrived[node] += 1
        if settled[node] or arrived[node] < net.needs.get(node, 1):
            continue
        settled[node], found[node] = True, -width
        for edge in order[start[node] : start[node + 1]]:
            through = min(-width, widths[edge])
            if through > 0.0:
                heapq.heappush(waiting, (-through, target[edge]))
    return found
