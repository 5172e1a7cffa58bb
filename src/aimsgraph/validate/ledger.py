"""When each finding came up and went away, and by which changeset: the history of a store, validated step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from aimsgraph.model.ledger import Ledger, Moment, Span
from aimsgraph.validate.evaluation import evaluation_given
from aimsgraph.validate.focus import focus_of
from aimsgraph.validate.recheck import Recheck
from aimsgraph.validate.report import RANK
from aimsgraph.validate.score import scores_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.model.finding import Finding
    from aimsgraph.validate.recheck import Statement, Turn
    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shapes

#: What makes two findings the same one, however they are worded.
Key = tuple[str, str, str | None, str | None, str]


class Step(Protocol):
    """A changeset, and the graph that it is about to change."""

    @property
    def changeset(self) -> Changeset:
        """The changeset."""

    @property
    def view(self) -> Source:
        """What answers queries about the graph, before the changeset and after."""

    def play(self) -> tuple[Statement, ...]:
        """Apply the changeset, and return the statements that the graph gained or lost."""


@dataclass(frozen=True, slots=True)
class _Open:
    finding: Finding
    seen: date
    by: int | None


def ledger(steps: Iterable[Step], shapes: Shapes, *, today: date, fixed: bool = False) -> Ledger:
    """Validate a history step by step, each state as on the day of its changeset, the last one as on ``today``.

    With ``fixed`` all states are judged as on ``today``. What only the passing of days brought or ended names no
    changeset.
    """
    kept: Recheck | None = None
    book = _Book()
    moments: list[Moment] = []
    snapshot, last = "none", None
    for step in steps:
        seen = step.changeset.time.date()
        day = today if fixed else seen
        if kept is None:
            step.play()
            kept = Recheck(step.view, shapes, day)
            book.enter(kept.findings(), (), seen, step.changeset.number)
        else:
            book.turn(kept.update(step.view, (), today=day), seen, None)
            book.turn(kept.update(step.view, step.play()), seen, step.changeset.number)
        snapshot, last = step.changeset.hash, step
        moments.append(_moment(step.view, shapes, kept, step.changeset.number))
    if kept is not None and last is not None:
        book.turn(kept.update(last.view, (), today=today), today, None)
        moments.append(_moment(last.view, shapes, kept, None))
    return Ledger(spans=book.spans(), moments=tuple(moments), snapshot=snapshot, date=today)


def _moment(source: Source, shapes: Shapes, kept: Recheck, number: int | None) -> Moment:
    applicable = focus_of(source, shapes, evaluation_given(kept.today))
    scores = scores_of(source, applicable, kept.findings())
    return Moment(date=kept.today, changeset=number, overall=scores.overall, areas=scores.areas)


class _Book:
    """Findings open and closed so far."""

    def __init__(self) -> None:
        self._open: dict[Key, _Open] = {}
        self._closed: list[Span] = []

    def turn(self, turn: Turn, day: date, number: int | None) -> None:
        """Enter what a step did."""
        self.enter(turn.opened, turn.closed, day, number)

    def enter(
        self, opened: Iterable[Finding], closed: Iterable[Finding], day: date, number: int | None
    ) -> None:
        """Enter findings that came and went; one that only changed its words stays open."""
        new = {finding.key: finding for finding in opened}
        for finding in closed:
            key = finding.key
            if key not in new and key in self._open:
                was = self._open.pop(key)
                self._closed.append(_span(was, day, number))
        for key, finding in new.items():
            was_open = self._open.get(key)
            self._open[key] = (
                _Open(finding, day, number) if was_open is None else replace(was_open, finding=finding)
            )

    def spans(self) -> tuple[Span, ...]:
        """Return open findings, worst and oldest first, then the closed ones, newest first."""
        still = [_span(one, None, None) for one in self._open.values()]
        still.sort(key=lambda span: (RANK[span.finding.severity], span.first_seen, span.finding.key))
        self._closed.sort(key=lambda span: str(span.finding.key))
        self._closed.sort(key=lambda span: span.closed_on or span.first_seen, reverse=True)
        return (*still, *self._closed)


def _span(one: _Open, day: date | None, number: int | None) -> Span:
    return Span(finding=one.finding, first_seen=one.seen, opened_by=one.by, closed_on=day, closed_by=number)
