"""What to fix first: what removes most of the assured risk, then what removes most of what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from aimsgraph.attention import go_on
from aimsgraph.errors import UsageError
from aimsgraph.model.fixing import Fix, FixFirst, Risked
from aimsgraph.model.node import Completeness, NodeRef
from aimsgraph.trace.exposure import exposure, risked
from aimsgraph.trace.propagate import DEFAULT_SEED, MAX_EXACT_VARIABLES
from aimsgraph.trace.ranking import Leftover, all_of, differ
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
    from aimsgraph.trace.ranking import Amounts, Change
    from aimsgraph.trace.remedy import Remedy

By = Literal["harm", "loss"]

#: What the list may cost, in edges times worlds: some ten seconds. It ends with the line at which more is spent.
BUDGET: Final = 10_000_000_000


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

    :raises UsageError: by loss, where no loss is known.
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
    if by == "loss" and not borne.losses:
        raise UsageError(
            "None of these risks has both an annual probability and a loss, so that nothing can be ranked by loss.",
            hint="Rank by harm, or state aims:annualProbability and a loss of the risks.",
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
            complete=not (borne.left_out or plan.ended_early),
            stopped_by="steps" if plan.ended_early else "nodes" if borne.left_out else "nothing",
            nodes=projection.size, edges=len(projection.source),
        ),
        snapshot=projection.snapshot,
        date=today,
    )  # fmt: skip


@dataclass(slots=True, eq=False)
class _Greedy:
    """Takes what removes most, again and again, and keeps account of what is left."""

    burden: Burden
    remedies: list[tuple[Remedy, dict[int, float]]]
    by: By
    more: int = 0
    not_needed: int = 0
    without_effect: int = 0
    ended_early: bool = False

    def risked(self, column: Floats) -> Risked:
        """Return what is at risk under a column of chances."""
        return risked(self.burden, column)

    def all_done(self, column: Floats) -> Floats:
        """Return the column with all done that could be."""
        return all_of(column, (raises for _, raises in self.remedies))

    def lines(
        self, column: Floats, most: int, assessed: Mapping[str, ControlAssessment], today: date
    ) -> list[Fix]:
        """Return the first ``most`` things to do, best first, up to where nothing more is removed."""
        raises: dict[int, Change] = {at: raises for at, (_, raises) in enumerate(self.remedies)}
        end = Leftover(self.burden, self.all_done(column), {}).now
        left = Leftover(self.burden, column, raises)
        start, alone, found = left.now, left.after(), list[Fix]()
        without = self._drop_without_effect(left, alone, end)
        while left.changes and len(found) < most and differ(left.now, end):
            go_on()
            if found and self.burden.spent > BUDGET:
                self.ended_early = True
                break
            after = left.after()
            # Where nothing removes anything by itself (of two ways open for certain): what the rest needs most.
            helps = any(differ(left.now, one) for one in after.values())
            at = self._best(after, 1) if helps else self._best({at: without[at] for at in after}, -1)
            left.make(at)
            fix, removed = self.remedies[at][0], _positive(start, alone[at])
            found.append(_line(fix, self._told(removed), self._told(left.now), assessed, today))
        self.more = len(left.changes) if differ(left.now, end) else 0
        self.not_needed = len(left.changes) - self.more
        return found

    def _drop_without_effect(
        self, left: Leftover, alone: Mapping[int, Amounts], end: Amounts
    ) -> dict[int, Amounts]:
        """Leave out what removes nothing, by itself or as the last of all; return what is left without each."""
        without, start = left.without_each(), left.now
        for at in list(left.changes):
            if not (differ(start, alone[at]) or differ(without[at], end)):
                left.drop(at)
                self.without_effect += 1
        return without

    def _best(self, scores: Mapping[int, Amounts], sign: int) -> int:
        """Return the number with the least of the scores, or for a ``sign`` of -1 the largest.

        They are rounded, so that the last digit of a sum decides nothing; between equals the name does.
        """
        keys = {
            at: (sign * round(harm, 9), sign * round(loss, 6))
            if self.by == "harm"
            else (sign * round(loss, 6), sign * round(harm, 9))
            for at, (harm, loss) in scores.items()
        }
        least = min(keys.values())
        return min((at for at in keys if keys[at] == least), key=lambda at: _named(self.remedies[at][0]))

    def _told(self, amounts: Amounts) -> Risked:
        return Risked(harm=amounts[0], loss=amounts[1] if self.burden.losses else None)


def _positive(before: Amounts, after: Amounts) -> Amounts:
    """Return what was removed between the two, nothing where it is the rounding of sums."""
    harm, loss = (
        was - now if differ((was,), (now,)) else 0.0 for was, now in zip(before, after, strict=True)
    )
    return harm, loss


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
