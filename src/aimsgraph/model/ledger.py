"""Findings over time: when each came up and went away, and which changeset did it."""

from __future__ import annotations

from datetime import date

from aimsgraph.model.finding import Finding, Score
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


class Moment(Value):
    """How complete the graph was on a day, after the changeset of that number (null: today, and nothing changed)."""

    date: date
    changeset: int | None
    overall: Score
    areas: tuple[Score, ...]


class Ledger(Value):
    """All findings that a store ever had, as on ``date``: those that stand first, then those that are closed.

    ``moments`` says how complete the graph was after each changeset, oldest first, and is today.
    """

    spans: tuple[Span, ...]
    moments: tuple[Moment, ...]
    snapshot: str
    date: date
