"""What to fix first: what removes most of the assured risk, then what removes most of what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from aimsgraph.model.fixing import Fix, FixFirst, Risked
from aimsgraph.model.node import Completeness, NodeRef
from aimsgraph.trace.exposure import exposure, risked
from aimsgraph.trace.propagate import DEFAULT_SEED, MAX_EXACT_VARIABLES
from aimsgraph.trace.remedy import remedies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from aimsgraph.store.protocol import View
    from aimsgraph.trace.burden import Burden
    from aimsgraph.trace.controls import ControlAssessment
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Floats, Projection
    from aimsgraph.trace.remedy import Remedy

By = Literal["harm", "loss"]

#: Differences below this are the rounding of sums.
_NOTHING: Final = 1e-9


def fix_first(
    view: View,
    projection: Projection,
    nodes: Sequence[NodeRef] = (),
    *,
    today: date,
    most: int = 10,
    by: By = "harm",
    evidence_root: Path | None = None,
    seed: int = DEFAULT_SEED,
    max_exact_variables: int = MAX_EXACT_VARIABLES,
    progress: Progress | None = None,
) -> FixFirst:
    """Rank evidence to renew and controls to change by the assured risk that they would remove.

    Over all risks, or those that the ``nodes`` stand for: a risk for itself, an area or owner for its risks, anything
    else for the risks that can come to it. Then only what follows from these nodes or risks counts as hurt. The first
    line removes most, each further one most of what is left after those before it. ``by`` says of what: harm, or loss.
    """
    fixes, assessed = remedies(view, projection.controls, today=today, evidence_root=evidence_root)
    net, borne = exposure(
        view, projection, nodes, {iri: (one.claimed, one.assured) for iri, one in assessed.items()},
        seed=seed, max_exact_variables=max_exact_variables, progress=progress,
    )  # fmt: skip
    number_of = {iri: number for number, iri in enumerate(projection.controls)}
    plan = _Greedy(
        borne, [(fix, {number_of[iri]: new for iri, new in fix.raises.items()}) for fix in fixes], by
    )
    best = plan.all_done(net.assured)
    lines = plan.lines(net.assured, most, assessed, today)
    return FixFirst(
        nodes=tuple(nodes),
        by=by,
        today=plan.risked(net.assured),
        inherent=plan.risked(np.zeros_like(net.assured)),
        at_best=plan.risked(best),
        fixes=tuple(lines),
        more=plan.more,
        not_needed=plan.not_needed,
        without_effect=plan.without_effect,
        risks=borne.risks,
        targets=len({node for hurt in borne.hurts.values() for node in hurt.targets}),
        risks_left_out=borne.left_out,
        method="simulated" if borne.simulated else "exact",
        worlds=borne.worlds,
        seed=seed,
        completeness=Completeness(
            complete=not borne.left_out, stopped_by="nodes" if borne.left_out else "nothing",
            nodes=projection.size, edges=len(projection.source),
        ),
        snapshot=projection.snapshot,
        date=today,
    )  # fmt: skip


@dataclass(slots=True)
class _Greedy:
    """Takes what removes most, again and again, and keeps account of what is left."""

    burden: Burden
    waiting: list[tuple[Remedy, dict[int, float]]]
    by: By
    more: int = 0
    not_needed: int = 0
    without_effect: int = 0

    def risked(self, column: Floats) -> Risked:
        """Return what is at risk under a column of chances."""
        return risked(self.burden, column)

    def lines(
        self, column: Floats, most: int, assessed: Mapping[str, ControlAssessment], today: date
    ) -> list[Fix]:
        """Return the first ``most`` things to do, best first, up to where nothing more is removed."""
        start = now = self.risked(column)
        end, found = self.risked(self.all_done(column)), list[Fix]()
        alone = dict(zip((fix.node.id for fix, _ in self.waiting), self._each(column), strict=True))
        self._drop_without_effect(column, alone, start)
        while self.waiting and len(found) < most and self._differ(now, end):
            after = self._each(column)
            # Where nothing removes anything by itself (of two ways open for certain): what the rest needs most.
            scores = after if any(self._differ(now, one) for one in after) else self._without_each(column)
            sign = 1 if scores is after else -1
            at = min(
                range(len(after)),
                key=lambda at: (*self._key(scores[at], sign), *_named(self.waiting[at][0])),
            )
            fix, raises = self.waiting.pop(at)
            column, now = _raised(column, raises), after[at]
            found.append(_line(fix, _less(start, alone[fix.node.id]), now, assessed, today))
        self.more = len(self.waiting) if self._differ(now, end) else 0
        self.not_needed = len(self.waiting) - self.more
        return found

    def all_done(self, column: Floats) -> Floats:
        """Return the column with all done that waits."""
        for _, raises in self.waiting:
            column = _raised(column, raises)
        return column

    def _each(self, column: Floats) -> list[Risked]:
        """Return what is left when each of those that wait is done."""
        return self._many([_raised(column, raises) for _, raises in self.waiting])

    def _without_each(self, column: Floats) -> list[Risked]:
        """Return what is left when all of those that wait are done but one."""
        columns = []
        for at in range(len(self.waiting)):
            others = column
            for number, (_, raises) in enumerate(self.waiting):
                others = others if number == at else _raised(others, raises)
            columns.append(others)
        return self._many(columns)

    def _many(self, columns: Sequence[Floats]) -> list[Risked]:
        harms = self.burden.harms(columns)
        return [
            Risked(harm=float(harm), loss=self.burden.loss(one))
            for harm, one in zip(harms, columns, strict=True)
        ]

    def _drop_without_effect(self, column: Floats, alone: Mapping[str, Risked], start: Risked) -> None:
        """Leave out what removes nothing, by itself or as the last of all."""
        end, without = self.risked(self.all_done(column)), self._without_each(column)
        kept = [
            one
            for one, others in zip(self.waiting, without, strict=True)
            if self._differ(start, alone[one[0].node.id]) or self._differ(others, end)
        ]
        self.without_effect = len(self.waiting) - len(kept)
        self.waiting = kept

    def _differ(self, before: Risked, after: Risked) -> bool:
        gain = _less(before, after)
        return gain.harm > 0.0 or (gain.loss or 0.0) > 0.0

    def _key(self, left: Risked, sign: int) -> tuple[float, float]:
        """Return what to sort by, less being better; rounded, so that the last digit of a sum decides nothing."""
        harm, loss = sign * round(left.harm, 9), sign * round(left.loss or 0.0, 6)
        return (harm, loss) if self.by == "harm" else (loss, harm)


def _raised(column: Floats, raises: Mapping[int, float]) -> Floats:
    other = column.copy()
    for control, chance in raises.items():
        other[control] = max(other[control], chance)
    return other


def _less(before: Risked, after: Risked) -> Risked:
    """Return what was removed between the two."""
    loss = None if before.loss is None or after.loss is None else _positive(before.loss - after.loss)
    return Risked(harm=_positive(before.harm - after.harm), loss=loss)


def _positive(value: float) -> float:
    return value if value > _NOTHING else 0.0


def _line(
    fix: Remedy, removed: Risked, left: Risked, assessed: Mapping[str, ControlAssessment], today: date
) -> Fix:
    return Fix(
        kind=fix.kind,
        node=NodeRef(id=fix.node.id, type=fix.node.type, label=fix.node.label),
        action=fix.action,
        reason=fix.reason,
        controls=tuple(
            sorted((assessed[iri].ref for iri in fix.raises), key=lambda one: (one.label, one.id))
        ),
        owners=fix.owners,
        due=fix.due,
        overdue=fix.due is not None and fix.due < today,
        removed=removed,
        left=left,
    )


def _named(fix: Remedy) -> tuple[int, str, str]:
    """Return what decides between equals: the newest evidence first, then the name."""
    return -(fix.due.toordinal() if fix.due else 0), fix.node.label, fix.node.id
