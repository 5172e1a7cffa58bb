"""Answers about the shape of what depends on what: ways, what is shared, circles, weak points, and what changed."""

from __future__ import annotations

from datetime import date, datetime

from aimsgraph.model.changeset import Changeset
from aimsgraph.model.lineage import Direction, LineageFilters, LineageNode
from aimsgraph.model.node import Completeness, Edge, Named, NodeRef, Value


class Path(Value):
    """One way on which no node comes twice: its nodes (IRIs) in order, and step by step the properties (CURIEs)."""

    hops: int
    nodes: tuple[str, ...]
    properties: tuple[tuple[str, ...], ...]


class Paths(Value):
    """The ways along which impact flows from ``source`` to ``target``, fewest hops first.

    ``nodes`` names every node on them. When there are more, ``completeness`` says so: "paths" beyond the number asked
    for, "hops" beyond the limit, "steps" when the search was given up. ``backwards`` tells, where there is no way at
    all, whether there is one from the target to the source.
    """

    source: NodeRef
    target: NodeRef
    paths: tuple[Path, ...]
    nodes: tuple[NodeRef, ...]
    backwards: bool
    completeness: Completeness
    snapshot: str
    date: date
    filters: LineageFilters


class SharedNode(NodeRef):
    """A node upstream of several ``sources`` (IRIs), with the ``hops`` from each of them, in the same order.

    It is ``closest`` when nothing below it is upstream of the same sources: what they share above it, they share
    because they share it.
    """

    sources: tuple[str, ...]
    hops: tuple[int, ...]
    closest: bool


class Shared(Value):
    """What at least ``least`` of the sources have upstream in common: of most of them first, then nearest.

    A source is upstream of itself, at 0 hops. A risk or an incident stands for what it threatens or involves. ``of``
    holds the classes (CURIEs) whose nodes the sources are, none when they were named. ``left_out`` counts the shared
    nodes beyond the number asked for, ``sources_left_out`` the sources from which nothing was looked for any more:
    ``completeness`` says "steps" then.
    """

    sources: tuple[NodeRef, ...]
    of: tuple[str, ...]
    least: int
    nodes: tuple[SharedNode, ...]
    left_out: int
    sources_left_out: int = 0
    completeness: Completeness
    snapshot: str
    date: date
    filters: LineageFilters


class Cycle(Value):
    """Nodes each of which comes, in the end, from every other and from itself.

    ``example`` is a way round: nodes (IRIs) in the direction of impact, the first of them not repeated at the end, and
    per step its properties. It is the ``shortest`` there is, unless the search for it was given up.
    """

    nodes: tuple[NodeRef, ...]
    example: tuple[str, ...]
    properties: tuple[tuple[str, ...], ...]
    shortest: bool


class Cycles(Value):
    """Every group of nodes that depend on each other in a circle, the largest first.

    The groups are always all there; ``completeness`` says "steps" when the search for shorter ways round was given up.
    """

    cycles: tuple[Cycle, ...]
    completeness: Completeness
    snapshot: str
    date: date
    filters: LineageFilters


class WeakPoint(NodeRef):
    """A node that others are cut off without.

    ``hops`` leads to the node asked about (null when none was). ``cut_off`` counts what is cut off without it: of the
    ``origins`` of the node asked about those from which every way to it leads through here, or of the ``targets``
    those to which every way from any origin does. ``examples`` names some of them. ``everything`` says that
    it is all of them.
    """

    hops: int | None
    cut_off: int
    examples: tuple[Named, ...]
    everything: bool


class WeakPoints(Value):
    """The nodes without which most is cut off, first those that cut off most.

    An origin is a node that comes from nothing, or one of a circle that comes from nothing else. ``origins`` counts
    them. Without a ``node`` asked about, ``targets`` counts the nodes of the classes ``of`` (CURIEs).
    ``left_out`` counts the weak points beyond the number asked for.
    """

    node: NodeRef | None
    of: tuple[str, ...]
    origins: int
    targets: int
    nodes: tuple[WeakPoint, ...]
    left_out: int
    completeness: Completeness
    snapshot: str
    date: date
    filters: LineageFilters


class State(Value):
    """A state of the store: its hash, and the changeset that made it (0: it was empty; null: nobody counts them)."""

    snapshot: str
    changeset: int | None
    time: datetime | None


class Moved(NodeRef):
    """A node whose least number of hops has changed."""

    before: int
    after: int


class LineageChange(Value):
    """What came into the lineage of ``source``, left it, or moved, from the state ``since`` to the state ``until``.

    Both are judged as on the same day, ``date``, so that only what somebody changed is told. ``hops`` of what was
    ``removed`` are those that it had. ``changesets`` are those that stated, took back or qualified one of the
    changed dependencies, or changed what a property means; null when there was too much to look through.
    """

    source: NodeRef
    direction: Direction
    since: State
    until: State
    added: tuple[LineageNode, ...]
    removed: tuple[LineageNode, ...]
    moved: tuple[Moved, ...]
    edges_added: tuple[Edge, ...]
    edges_removed: tuple[Edge, ...]
    changesets: tuple[Changeset, ...] | None
    completeness: Completeness
    date: date
    filters: LineageFilters
