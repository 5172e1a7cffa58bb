"""The answer to "how large is each risk, what does it cost a year, and may it stay as it is?"."""

from __future__ import annotations

from datetime import date
from typing import Literal

from aimsgraph.model.node import Completeness, NodeRef, Value

By = Literal["risk", "system", "area", "owner"]
LossKind = Literal["fixed", "pert", "lognormal"]
Appetite = Literal["true", "false", "unknown"]
Standing = Literal["valid", "expired", "missing"]


class ByControls(Value):
    """One number under the three ways to count controls; ``assured`` is the residual one, to act on.

    ``inherent`` counts no control, ``claimed`` each as declared, ``assured`` only what evidence bears out.
    """

    inherent: float
    claimed: float
    assured: float


class Loss(Value):
    """What one occurrence costs, in euro: its distribution, the numbers stated for it, and its exact mean."""

    kind: LossKind
    stated: dict[str, float]
    mean: float


class RatedLevel(Value):
    """The place of a register risk on ordinal scales: ranks, never multiplied.

    ``by_matrix`` is the level (CURIE) that the matrix ``matrix`` (IRI; null: the cells that belong to none) gives to
    likelihood and severity; null without such a cell. ``stated``, ``inherent`` and ``residual`` are the register's own
    labels. ``agrees`` is false when one of the first two contradicts the matrix, null when they cannot be compared.
    """

    likelihood: int | None
    severity: int | None
    matrix: str | None
    by_matrix: str | None
    stated: str | None
    inherent: str | None
    residual: str | None
    agrees: bool | None


class RiskReach(NodeRef):
    """A system, process or party that the risk can hurt.

    ``likelihood`` is the chance within a year that the risk comes to it, null when the risk has no annual probability;
    ``interval`` is the 95 % interval of the assured one when it was simulated, null when exact. Without likelihood
    ``weakest_link`` is what the best way lets through at its narrowest: the largest number that no transmission
    and no remainder of a control on some way falls below. It is qualitative: an order of ways, not a chance.
    """

    likelihood: ByControls | None
    interval: tuple[float, float] | None
    weakest_link: ByControls | None


class AcceptanceState(Value):
    """Whether somebody entitled has accepted the risk as on the day, and until when (null: without end)."""

    standing: Standing
    acceptance: NodeRef | None
    accepted_by: NodeRef | None
    until: date | None


class RiskAssessed(NodeRef):
    """One risk: how likely within a year, what it costs, how it is rated, and whether it may stay.

    ``likelihood`` is the chance that it occurs and gets past its controls to something that it threatens. It is null
    without an annual probability, as ``expected_loss`` (euro a year) is without a loss too. ``interval`` is the 95 %
    Wilson interval of the assured likelihood when it was simulated, in years in which the risk occurs; null when exact.
    ``unassessed`` says in plain words which numbers are missing or guessed. ``basis`` is ``quantitative``,
    ``qualitative`` (ordinal rating alone) or ``unassessed``. ``within_appetite`` is ``unknown`` when no appetite covers
    it, or what it limits is not stated.
    """

    basis: Literal["quantitative", "qualitative", "unassessed"]
    annual_probability: float | None
    likelihood: ByControls | None
    interval: tuple[float, float] | None
    loss: Loss | None
    expected_loss: ByControls | None
    level: RatedLevel
    reaches: tuple[RiskReach, ...]
    areas: tuple[str, ...]
    owners: tuple[NodeRef, ...]
    within_appetite: Appetite
    acceptance: AcceptanceState
    unassessed: tuple[str, ...]


class Exceedance(Value):
    """A loss in euro, and how likely a year costs that much or more."""

    loss: float
    probability: ByControls


class Quantile(Value):
    """What a year costs at most (euro) with probability ``p``."""

    p: float
    loss: ByControls


class RiskAppetite(Value):
    """What an organisation or area is willing to bear: a highest level (CURIE), a highest expected loss a year."""

    highest_level: str | None
    highest_expected_loss: float | None


class RiskGroup(NodeRef):
    """The risks of one system, area or owner, or all of them, in the same worlds.

    ``likelihood`` is the chance within a year that at least one of its risks comes true (of a system: that one comes to
    it); ``interval`` belongs to the assured number, null when exact. ``expected_loss`` adds the expected losses of its
    risks; ``curve`` and ``quantiles`` are counted in the worlds. ``not_counted`` holds the risks (IRIs) that lack a
    number for it: null where that leaves none. A group whose members' losses are only partly known is never a whole.
    """

    risks: int
    likelihood: ByControls | None
    interval: tuple[float, float] | None
    expected_loss: ByControls | None
    not_counted: tuple[str, ...]
    curve: tuple[Exceedance, ...]
    quantiles: tuple[Quantile, ...]
    highest_residual: str | None
    appetite: RiskAppetite | None
    within_appetite: Appetite


class RiskGap(Value):
    """What stands open about a risk, and how to mend it."""

    node: NodeRef
    kind: Literal["acceptance-expired", "acceptance-missing", "label-contradicts"]
    message: str
    fix: str


class Risks(Value):
    """The risks asked about, largest assured expected loss first, their groups, and all of them together.

    Everything is simulated in the same ``worlds``, drawn with ``seed``; likelihoods and expected losses are exact where
    the risk's part of the graph is small (``simulated`` counts those that were not). ``gates`` names nodes in reach
    that need several causes at once: what only several risks together bring about there is part of a system's
    likelihood, but of no single risk's share. ``leaks_left_out`` counts nodes that may also go wrong by themselves,
    which no risk answers for. ``reaches_left_out`` counts risks whose reach was not worked out, ``curves_left_out``
    groups, those with the fewest risks, without curve and quantiles because there are too many of them.
    """

    by: By
    asked: tuple[NodeRef, ...]
    risks: tuple[RiskAssessed, ...]
    groups: tuple[RiskGroup, ...]
    total: RiskGroup
    gaps: tuple[RiskGap, ...]
    simulated: int
    worlds: int
    seed: int
    gates: tuple[str, ...]
    leaks_left_out: int
    reaches_left_out: int
    curves_left_out: int
    completeness: Completeness
    snapshot: str
    date: date
