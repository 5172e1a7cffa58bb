"""Findings over time: when each came up and went away, and which changeset did it."""

from __future__ import annotations

from datetime import date

from aimsgraph.model.finding import Finding
from aimsgraph.model.node import Value


class Span(Value):
    """The time for which a finding stood.

    ``first_seen`` is the first day on which a state had it, ``closed_on`` the first on which none had it any more (null
    while it stands). ``opened_by`` and ``closed_by`` are numbers of changesets; null where only days passed, as when
    evidence expired.
    """

    finding: Finding
    first_seen: date
    opened_by: int | None
    closed_on: date | None
    closed_by: int | None


class Ledger(Value):
    """All findings that a store ever had, as on ``date``: those that stand first, then those that are closed."""

    spans: tuple[Span, ...]
    snapshot: str
    date: date
