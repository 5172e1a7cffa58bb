"""The answer to "what does it hurt, how likely, and which control stands in between?"."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from aimsgraph.model.node import Completeness, NodeRef, Value

Basis = Literal["assessed", "default", "unknown"]
Method = Literal["exact", "simulated", "rare-event"]


class ImpactEdge(Value):
    """A dependency that carries impact from ``source`` to ``target``.

    ``transmission`` is the probability that it passes impact on (null when unknown, and then certainty is
    assumed and said), ``basis`` where that number comes from, ``controls`` the IRIs of those that guard it.
    """

    source: str
    target: str
    property: str
    transmission: float | None
    basis: Basis
    controls: tuple[str, ...] = ()


class ImpactNode(NodeRef):
    """A node that is hurt with some probability.

    ``probability`` is the one to act on and equals ``assured``; ``claimed`` believes every control as
    declared; ``inherent`` counts no control at all. ``method`` tells how the number was found: worked out exactly,
    counted in simulated worlds, or, where it is too rare for these, estimated from its causes. ``interval`` is the 95 %
    interval of ``probability``, null when exact. ``bounds`` hold it for certain, whatever the method.
    """

    probability: float
    interval: tuple[float, float] | None
    claimed: float
    assured: float
    inherent: float
    min_hops: int
    method: Method = "exact"
    bounds: tuple[float, float] = (0.0, 1.0)


class ImpactPath(Value):
    """One way from a source to a target: nodes in order, and the assured chance that this way is open."""

    nodes: tuple[str, ...]
    properties: tuple[str, ...]
    probability: float


class ImpactControl(NodeRef):
    """A control on the way, with its claimed and assured effectiveness.

    ``if_off`` and ``if_on`` are what the sum of all nodes' assured probabilities would be, were the control
    off, or working without fail.
    """

    claimed_effectiveness: float
    assured_effectiveness: float
    verified: bool
    reason: str
    if_off: float
    if_on: float


class Impact(Value):
    """What the sources, taken as true, hurt, most probable first. The sources are not among ``nodes``.

    ``method`` is ``exact`` or ``simulated`` (``worlds`` drawn with ``seed``; single nodes may be known better).
    ``why_simulated`` says what forbade an exact answer: more uncertain ``chances`` than are tried, more ``steps`` than
    are taken, or that it was ``asked`` for; null when exact. ``unassessed`` counts edges by basis, so that a guess is
    never hidden. Of what a budget cut off it is said how much: ``controls_left_out`` counts the controls on the way
    that are not among ``controls``; those that stand before the most impact are. ``worlds_left_out`` counts the worlds
    that were wanted but not drawn, because the graph is large or time was up, ``control_worlds`` those that the numbers
    of the controls rest on (null when exact), and ``rare_left_out`` the nodes that are too rare for the worlds
    drawn and were not estimated from their causes. ``paths_complete`` is false when ways may be more probable than
    those shown. With ``dimension`` (a CURIE) only dependencies along which that quality can get lost count, and
    ``without_dimension`` says of how many of these nothing is stated. ``gates`` gives for a node
    that only several dependencies together hurt how many of them it takes.
    """

    sources: tuple[NodeRef, ...]
    nodes: tuple[ImpactNode, ...]
    edges: tuple[ImpactEdge, ...]
    paths: tuple[ImpactPath, ...]
    controls: tuple[ImpactControl, ...]
    controls_left_out: int = 0
    method: Literal["exact", "simulated"]
    why_simulated: Literal["chances", "steps", "asked"] | None = None
    worlds: int | None
    worlds_left_out: int = 0
    control_worlds: int | None = None
    rare_left_out: int = 0
    paths_complete: bool = True
    seed: int
    dimension: str | None = None
    without_dimension: int = 0
    unassessed: dict[Basis, int]
    completeness: Completeness
    snapshot: str
    date: date
    gates: dict[str, int] = Field(default_factory=dict)
