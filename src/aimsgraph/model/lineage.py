"""The answer to "where does this come from?" and "what is built on it?"."""

from __future__ import annotations

from datetime import date
from typing import Literal

from aimsgraph.model.node import Completeness, Edge, NodeRef, Value

Direction = Literal["up", "down", "both"]


class LineageNode(NodeRef):
    """A node reached, with the least number of hops from the source."""

    hops: int


class LineageFilters(Value):
    """What a question was narrowed to (CURIEs); an empty list narrows nothing.

    Only dependencies ``along`` one of these properties (or kinds of flow) were walked. Only nodes of one of the
    ``types`` and in one of the ``areas`` are shown; the way goes on through the others, unless ``only_through``.
    """

    along: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    only_through: bool = False


class Lineage(Value):
    """The nodes that ``source`` comes from (up), that come from it (down), or both; nearest first.

    Dependencies count that hold on the day ``date``. The source is not among ``nodes``. ``edges`` are all
    dependencies walked, in the direction of impact; where ``filters`` hide nodes, those between nodes that are shown.
    ``completeness`` counts what was walked, shown or not.
    """

    source: NodeRef
    direction: Direction
    nodes: tuple[LineageNode, ...]
    edges: tuple[Edge, ...]
    completeness: Completeness
    snapshot: str
    date: date
    filters: LineageFilters = LineageFilters()
