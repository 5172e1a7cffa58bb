"""What a change does to the findings, worked out without looking at the nodes that it cannot concern."""

from __future__ import annotations

from collections import defaultdict
from math import inf
from typing import TYPE_CHECKING

from rdflib import URIRef

from aimsgraph.validate.ownership import OWNED_BY
from aimsgraph.validate.recheck import Recheck, Turn, is_wide
from aimsgraph.validate.waiver import let_pass, waivers_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from rdflib.term import Node

    from aimsgraph.model.finding import Finding
    from aimsgraph.validate.recheck import Place, Statement
    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shapes


def consequences(
    before: Source, after: Source, changed: Iterable[Statement], *, shapes: Shapes, today: date
) -> Turn:
    """Say which findings come up and go away when the statements ``changed`` are added or removed.

    That costs what the nodes cost that the change may concern, seen before and after it; a large change, or one of the
    hierarchy of classes, costs two full runs. What waivers let pass is among the findings.
    """
    statements = list(changed)
    kind = Recheck if is_wide(statements) else _Glance
    return kind(before, shapes, today).update(after, statements)


def new_findings(
    before: Source, after: Source, changed: Iterable[Statement], *, shapes: Shapes, today: date
) -> tuple[Finding, ...]:
    """Return the findings that count after a change and did not count before it, worst first.

    One that is only worded otherwise is not new. One that a waiver in force lets pass does not count; it is new when
    the change takes its waiver away.
    """
    statements = list(changed)
    known = {check.iri for check in shapes.checks}
    waivers, since = (waivers_of(source, known, today) for source in (before, after))
    altered = waivers != since or (waivers and any(link == URIRef(OWNED_BY) for _, link, _ in statements))
    if altered:
        was, now = (Recheck(source, shapes, today).findings() for source in (before, after))
        counted, _ = let_pass(was, waivers, before)
        opened, gone = now, {finding.key for finding in counted}
    else:
        turn = consequences(before, after, statements, shapes=shapes, today=today)
        opened, gone = turn.opened, {finding.key for finding in turn.closed}
    counting, _ = let_pass(opened, since, after)
    return tuple(finding for finding in counting if finding.key not in gone)


class _Glance(Recheck):
    """Findings of those nodes alone that a change may concern: looked at as they were, then as they are."""

    def __init__(self, source: Source, shapes: Shapes, today: date) -> None:
        self._was = source
        super().__init__(source, shapes, today)

    def _begin(self) -> None:
        self._results, self._findings = defaultdict(dict), defaultdict(dict)
        self._taken = defaultdict(lambda: inf)
        self._await()

    def _look(
        self, shape: Node, among: set[str] | None, before: dict[Place, tuple[Finding, ...]]
    ) -> set[Place]:
        now = self._evaluator.source
        self._evaluator.source = self._evaluator.subclasses.source = self._was
        known = super()._look(shape, among, {})
        self._word(self._was, known)
        for _, root in known:
            self._counts.update(self._findings[shape][root])
        self._evaluator.source = self._evaluator.subclasses.source = now
        return super()._look(shape, among, before)
