"""The answer to "what does it hurt, how likely, and which control stands in between?"."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from aimsgraph.model.node import Completeness, NodeRef, Value

Basis = Literal["assessed", "default", "unknown"]


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
    declared; ``inherent`` counts no control at all. ``interval`` is the 95 % Wilson interval of
    ``probability`` when it was simulated, null when exact.
    """

    probability: float
    interval: tuple[float, float] | None
    claimed: float
    assured: float
    inherent: float
    min_hops: int


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

    ``method`` is ``exact`` or ``simulated`` (``worlds`` drawn with ``seed``). ``unassessed`` counts edges by
    basis, so that a guess is never hidden. ``controls_left_out`` counts the controls on the way that are not
    among ``controls`` because the graph is large; those that stand before the most impact are. ``gates`` gives for
    a node that only several dependencies together hurt how many of them it takes.
    """

    sources: tuple[NodeRef, ...]
    nodes: tuple[ImpactNode, ...]
    edges: tuple[ImpactEdge, ...]
    paths: tuple[ImpactPath, ...]
    controls: tuple[ImpactControl, ...]
    controls_left_out: int = 0
    method: Literal["exact", "simulated"]
    worlds: int | None
    seed: int
    unassessed: dict[Basis, int]
    completeness: Completeness
    snapshot: str
    date: date
    gates: dict[str, int] = Field(default_factory=dict)
