"""The answer to "what would a fault in each thing reach?"."""

from __future__ import annotations

from datetime import date
from typing import Literal

from aimsgraph.model.node import Completeness, NodeRef, Value


class BlastNode(NodeRef):
    """A node, and how many others it reaches (``reaches``), which is exact."""

    reaches: int


class BlastRadius(Value):
    """The nodes that reach the most others: by what is built on them (down), or by what they come from (up).

    All nodes were counted: exactly, or by an ``estimate`` whose ``relative_error`` (one standard deviation; 0 when
    exact) decided which nodes are shown; what is shown was then counted exactly. ``left_out`` nodes reach no more than
    the last one shown: as far as the estimate tells, when it is one. ``seed`` is that of the estimate.
    """

    direction: Literal["up", "down"]
    nodes: tuple[BlastNode, ...]
    left_out: int
    method: Literal["exact", "estimate"]
    relative_error: float
    seed: int
    completeness: Completeness
    snapshot: str
    date: date
