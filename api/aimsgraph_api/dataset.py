"""The graphs that a question sees, by who asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph import query

if TYPE_CHECKING:
    from aimsgraph.engine import Graph
    from aimsgraph.model.access import Principal
    from aimsgraph.query import CheckedQuery, Dataset
    from aimsgraph_api.asking import Asked


def seen_by(graph: Graph, asking: Principal, asked: Asked, checked: CheckedQuery) -> Dataset:
    """Return the dataset of a question: what it wants, or else its text, as far as whoever asks may see it.

    :raises QueryRefusedError: it wants a graph that the store has not, or that may not be seen.
    """
    wanted = (asked.default, asked.named)
    if not any(wanted):
        wanted = (checked.default, checked.named)
    return query.dataset(graph.view(), *wanted, reserved=asking.may("history"), asks_named=checked.asks_named)
