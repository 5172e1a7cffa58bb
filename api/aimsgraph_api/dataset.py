"""The graphs that a question sees, by who asks it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aimsgraph import query

if TYPE_CHECKING:
    from aimsgraph.engine import Graph
    from aimsgraph.model.access import Principal
    from aimsgraph_api.asking import Asked


def seen_by(graph: Graph, asking: Principal, asked: Asked) -> Asked:
    """Return a question with its dataset decided: what it wants, or else its text, as far as whoever asks may see it.

    :raises QueryRefusedError: it wants a graph that the store has not, or that may not be seen.
    :raises QueryInvalidError: its text cannot be read.
    """
    checked = query.read(asked.text)
    wanted = (asked.default, asked.named)
    if not any(wanted):
        wanted = (checked.default, checked.named)
    default, named = query.dataset(
        graph.view(), *wanted, reserved=asking.may("history"), asks_named=checked.asks_named
    )
    return replace(asked, default=default, named=named)
