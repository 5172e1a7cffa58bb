"""The answer to "what should we fix first?": each thing to do, and the assured risk that it would remove."""

from __future__ import annotations

from datetime import date
from typing import Literal

from aimsgraph.model.node import Completeness, NodeRef, Value

FixKind = Literal[
    "renew-evidence", "collect-evidence", "implement-control", "reinstate-control", "record-status"
]


class Risked(Value):
    """How much is at risk: ``harm``, and ``loss`` in euro a year (null where no loss is known).

    ``harm`` adds up, over the risks, each taken as having happened, the assured probabilities of the business
    processes, affected parties and systems that it hurts. ``loss`` adds up, over the risks whose annual probability and
    expected loss are known, their product times the chance that none of the risk's own controls works.
    """

    harm: float
    loss: float | None


class Fix(Value):
    """One thing to do to ``node`` (a piece of evidence or a control), in words, and for whom.

    ``controls`` are those that would count more by it. ``removed`` is what it alone would take off; ``left`` what is
    at risk once it and all before it in the list are done. ``due`` is the day by which it had, or has, to be done,
    where one is known: a date stated for it, or the last day of evidence that expired; ``overdue``: it has passed.
    """

    kind: FixKind
    node: NodeRef
    action: str
    reason: str
    controls: tuple[NodeRef, ...]
    owners: tuple[NodeRef, ...]
    due: date | None
    overdue: bool
    removed: Risked
    left: Risked


class FixFirst(Value):
    """What to fix first: each line is the one that removes most once those before it are done.

    ``nodes`` are those asked about (empty: all risks). ``today`` is what is at risk as it is, ``inherent`` without any
    control, ``at_best`` with all done that could be. ``risks`` and ``targets`` count what was looked at;
    ``risks_left_out`` the risks that were too costly to simulate. ``more`` counts the things to do that come after the
    list, which ends early (``completeness`` says ``steps``) where weighing takes too long; ``not_needed`` those that
    would remove nothing more once the list is done (as the second of two pieces of evidence for one control),
    ``without_effect`` those that would remove nothing at all, as far as these risks go.
    """

    nodes: tuple[NodeRef, ...]
    by: Literal["harm", "loss"]
    today: Risked
    inherent: Risked
    at_best: Risked
    fixes: tuple[Fix, ...]
    more: int
    not_needed: int
    without_effect: int
    risks: int
    targets: int
    risks_left_out: int
    method: Literal["exact", "simulated"]
    worlds: int | None
    seed: int
    completeness: Completeness
    snapshot: str
    date: date
