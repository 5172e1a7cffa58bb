"""The answer to "what if?": the graph as it is beside the graph as a change would make it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from aimsgraph.model.finding import Finding, Severity
from aimsgraph.model.fixing import Risked
from aimsgraph.model.lineage import Direction
from aimsgraph.model.node import NodeRef, Value

Turn = Literal["appears", "disappears", "likelier", "less-likely"]


class Change(Value):
    """One part of what was tried, in words; ``update`` is the SPARQL update that does it (null for a file)."""

    kind: Literal["add", "update", "switch", "remove-node"]
    text: str
    update: str | None


class Chances(Value):
    """How likely one node is hurt: without any control, with all as declared, and assured."""

    inherent: float
    claimed: float
    assured: float
    interval: tuple[float, float] | None
    min_hops: int


class NodeDifference(NodeRef):
    """A node whose numbers differ: on one side it is not hurt at all (null), or it is more or less likely.

    ``difference`` is assured then minus today. Where only another number differs, ``turn`` goes by that.
    """

    turn: Turn
    today: Chances | None
    then: Chances | None
    difference: float


class LineageDifference(Value):
    """What a node comes from, or what comes from it, that it did not before, and the other way round."""

    source: NodeRef
    direction: Direction
    appears: tuple[NodeRef, ...]
    disappears: tuple[NodeRef, ...]
    unchanged: int


class State(Value):
    """One side: what the sources hurt, what the risks hurt, the controls, and the findings.

    ``hurt`` counts the nodes that the sources of the impact can hurt, ``method`` and ``worlds`` say how their numbers
    were worked out, and ``sum_assured`` adds them up (all null when no impact was asked for). ``risk`` is as in
    `fix-first`. ``verified`` counts the controls borne out by fresh evidence. ``findings`` counts by severity, null
    when not asked for.
    """

    hurt: int | None
    sum_assured: float | None
    method: Literal["exact", "simulated"] | None
    worlds: int | None
    risk: Risked
    controls: int
    verified: int
    findings: dict[Severity, int] | None


class WhatIf(Value):
    """What would differ, were the ``changes`` made; nothing was written.

    ``added`` and ``removed`` count the statements of sources that would come and go, of what was inferred too.
    ``nodes`` are those that the ``sources`` would hurt with other numbers, the largest difference first, and
    ``unchanged`` counts the others. ``opened`` and ``closed`` are the findings that would come up and go away.
    """

    changes: tuple[Change, ...]
    added: int
    removed: int
    sources: tuple[NodeRef, ...]
    today: State
    then: State
    nodes: tuple[NodeDifference, ...]
    unchanged: int
    lineage: LineageDifference | None
    opened: tuple[Finding, ...]
    closed: tuple[Finding, ...]
    seed: int
    snapshot: str
    date: date
