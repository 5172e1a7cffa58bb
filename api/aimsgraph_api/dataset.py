"""The graphs that a question sees, by who asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph import query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.engine import Graph
    from aimsgraph.model.access import Principal
    from aimsgraph.query import CheckedQuery, Dataset


def seen_by(
    graph: Graph,
    asking: Principal,
    checked: CheckedQuery,
    default: Sequence[str] | None = None,
    named: Sequence[str] | None = None,
) -> Dataset:
    """Return the graphs of the dataset of a checked query: those that are wanted, or else those that its text wants.

    Either way as far as whoever asks may see them.

    :raises QueryRefusedError: a graph is wanted that the store has not, or that may not be seen.
    """
    wanted = (default, named) if default or named else (checked.default, checked.named)
    return query.dataset(graph.view(), *wanted, reserved=asking.may("history"), asks_named=checked.asks_named)
