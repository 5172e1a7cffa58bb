"""The answer to "why this number?": what the probability of one node hangs on."""

from __future__ import annotations

from datetime import date
from typing import Literal

from aimsgraph.model.impact import ImpactEdge, ImpactPath
from aimsgraph.model.node import Completeness, NodeRef, Value

Method = Literal["exact", "simulated"]


class Way(ImpactPath):
    """One simple path to the target, and its probability over that of the target.

    Ways overlap, in what they share and in worlds where several are open: shares do not add up to 1.
    """

    share: float


class EdgeImportance(ImpactEdge):
    """What one dependency does to the target's probability P, all else as it is.

    ``used`` is the chance that counted (1 where the transmission is unknown); ``if_never`` and ``if_always`` are what
    P would be, did the dependency never, or always, pass impact on. ``birnbaum`` is their difference: how much P grows
    per unit of the chance, which is how often this dependency decides. ``fussell_vesely`` is (P - ``if_never``) / P:
    the share of P that needs it. ``diagnostic`` is how likely it was open, once the target was hurt.
    ``margin`` is half the 95 % interval of ``birnbaum``, null when exact.
    """

    used: float
    if_never: float
    if_always: float
    birnbaum: float
    fussell_vesely: float
    diagnostic: float
    margin: float | None = None


class ControlImportance(NodeRef):
    """What one control does to the target's probability P, all else as it is.

    P would be ``if_failed`` without it, ``if_fresh`` did it count as declared (fresh evidence for a control that is
    implemented), and ``if_perfect`` did it work without fail. ``birnbaum`` is ``if_failed`` - ``if_perfect``,
    ``fussell_vesely`` the share of P that needs the control to fail: (P - ``if_perfect``) / P.
    """

    claimed_effectiveness: float
    assured_effectiveness: float
    verified: bool
    reason: str
    if_failed: float
    if_fresh: float
    if_perfect: float
    birnbaum: float
    fussell_vesely: float
    margin: float | None = None


class Guess(Value):
    """An input that nobody has assessed, and what the target's probability would be at both ends of what it could be.

    A dependency (``source``, ``target``, ``property``) is taken from ``used`` to 0 and to 1; a ``control`` (an IRI)
    without fresh evidence to doing nothing (``if_one``, the worse end) and to working without fail (``if_zero``).
    """

    basis: Literal["default", "unknown", "unverified"]
    label: str
    used: float
    if_zero: float
    if_one: float
    source: str | None = None
    target: str | None = None
    property: str | None = None
    control: str | None = None


class ImpactExplanation(Value):
    """Why the target is hurt with this probability, the sources taken as gone wrong; all of it assured.

    ``ways`` are the likeliest simple paths. ``edges``, ``controls`` and ``guesses`` are those on the way to the target,
    what matters most first; ``edges_left_out`` and ``controls_left_out`` count those that were not weighed because the
    graph is large. ``all_guesses`` is the probability were all dependencies among ``guesses`` never open, and all
    certain (null when there are none, or when it was not worked out). ``from_outside`` is the share of the probability
    that needs a cause outside the graph (``aims:leak``). ``method`` and ``worlds`` are those of the probabilities;
    ``weighing`` and ``weighing_worlds`` those of what follows from forcing a single part. With ``dimension`` (a CURIE)
    only dependencies along which that quality can get lost count. ``text`` says it in words,
    from these numbers alone.
    """

    sources: tuple[NodeRef, ...]
    target: NodeRef
    probability: float
    interval: tuple[float, float] | None
    claimed: float
    inherent: float
    min_hops: int | None
    ways: tuple[Way, ...]
    edges: tuple[EdgeImportance, ...]
    controls: tuple[ControlImportance, ...]
    guesses: tuple[Guess, ...]
    all_guesses: tuple[float, float] | None
    from_outside: float
    edges_left_out: int
    controls_left_out: int
    nodes: tuple[NodeRef, ...]
    method: Method
    worlds: int | None
    weighing: Method
    weighing_worlds: int | None
    seed: int
    dimension: str | None = None
    completeness: Completeness
    snapshot: str
    date: date
    text: str = ""
