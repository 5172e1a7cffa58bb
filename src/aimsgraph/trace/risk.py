"""How large each risk is, what it costs a year, and whether it may stay: one by one, and by system, area and owner."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from aimsgraph.model.node import Completeness, NodeRef
from aimsgraph.model.risk import ByControls, Loss, RiskAssessed, RiskGroup, RiskReach, Risks
from aimsgraph.store import describe
from aimsgraph.trace import appetite
from aimsgraph.trace.controls import effectiveness
from aimsgraph.trace.network import SCENARIOS
from aimsgraph.trace.propagate import DEFAULT_SEED, DEFAULT_WORLDS
from aimsgraph.trace.register import REACHED, Entry, read_register
from aimsgraph.trace.selection import chosen
from aimsgraph.trace.study import ALL, Study
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path
    from typing import Literal

    from aimsgraph.model.risk import By
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Projection


def risks(
    view: View,
    projection: Projection,
    nodes: Sequence[NodeRef] = (),
    *,
    by: By = "risk",
    today: date,
    evidence_root: Path | None = None,
    seed: int = DEFAULT_SEED,
    worlds: int = DEFAULT_WORLDS,
    progress: Progress | None = None,
) -> Risks:
    """Assess the risks of ``nodes`` (none: all of them), and the systems, areas or owners that they belong to.

    A node that is a risk stands for itself, an area or an owner for its risks, any other for the risks that can come
    to it. Controls are judged as on the day ``today``, their evidence hashed below ``evidence_root`` when given. At
    most ``worlds`` years are drawn with ``seed``, fewer on large graphs.
    """
    register = read_register(view)
    asked = chosen(register, projection, nodes)
    controls = effectiveness(view, today=today, evidence_root=evidence_root)
    study = Study.begun(register, projection, controls, asked, by, seed)
    study.work_out(worlds, progress)
    known = describe(view, sorted(_named(study)))
    rows = sorted((_row(study, known, iri, today) for iri in asked), key=_largest_first)
    groups = [_group(study, known[key], key) for key in study.members if key != ALL]
    curveless = len(study.members) - len(study.ledgers)
    whole = not study.left_out and not curveless
    return Risks(
        by=by,
        asked=tuple(nodes),
        risks=tuple(rows),
        groups=tuple(sorted(groups, key=_largest_first)),
        total=_group(study, NodeRef(id=ALL, type="", label="all risks"), ALL),
        gaps=tuple(gap for row in rows for gap in appetite.gaps(row)),
        simulated=study.simulated,
        worlds=64 * study.words,
        seed=seed,
        gates=tuple(sorted(study.gates())),
        leaks_left_out=len(projection.leaks),
        reaches_left_out=len(study.left_out),
        curves_left_out=curveless,
        completeness=Completeness(
            complete=whole,
            stopped_by="nothing" if whole else "nodes",
            nodes=len(study.touched()),
            edges=len(study.year.network.source),
        ),
        snapshot=projection.snapshot,
        date=today,
    )


def _largest_first(row: RiskAssessed | RiskGroup) -> tuple[float, float, str, str]:
    loss = row.expected_loss.assured if row.expected_loss else -1.0
    likelihood = row.likelihood.assured if row.likelihood else -1.0
    return -loss, -likelihood, row.label, row.id


def _named(study: Study) -> set[str]:
    """Return the IRIs whose names the answer needs."""
    accepted = [one for iri in study.chosen for one in study.register.acceptances.get(iri, ())]
    people = {one.accepted_by for one in accepted if one.accepted_by is not None}
    groups = study.members.keys() - {ALL}
    owners = {iri for risk in study.chosen for iri in study.register.entries[risk].owners}
    return {*study.chosen, *groups, *study.touched(), *(one.iri for one in accepted), *people, *owners}


def _row(study: Study, known: Mapping[str, NodeRef], iri: str, today: date) -> RiskAssessed:
    register, ref = study.register, known[iri]
    entry, expected = register.entries[iri], study.expected(iri)
    limits = register.limits(entry.areas)
    return RiskAssessed(
        id=ref.id,
        type=ref.type,
        label=ref.label,
        basis=_basis(entry),
        annual_probability=entry.annual_probability,
        likelihood=study.likelihood.get(iri),
        interval=study.interval.get(iri),
        loss=_loss(entry),
        expected_loss=expected,
        level=appetite.rated(register, entry),
        reaches=tuple(_reaches(study, known, iri)),
        areas=entry.areas,
        owners=tuple(sorted((known[iri] for iri in entry.owners), key=lambda one: (one.label, one.id))),
        within_appetite=appetite.within(register, limits, [entry.residual_level], expected, whole=True),
        acceptance=appetite.acceptance(register, entry, known, today),
        unassessed=(*entry.remarks, *_guessed(*study.net(iri).threatened[iri])),
    )


def _loss(entry: Entry) -> Loss | None:
    if entry.loss is None:
        return None
    return Loss(kind=entry.loss.kind, stated=dict(entry.loss_stated), mean=entry.loss.mean)


def _basis(entry: Entry) -> Literal["quantitative", "qualitative", "unassessed"]:
    if entry.annual_probability is not None:
        return "quantitative"
    places = (entry.likelihood, entry.severity, entry.stated_level, entry.inherent_level)
    return "qualitative" if any(place is not None for place in places) else "unassessed"


def _reaches(study: Study, known: Mapping[str, NodeRef], iri: str) -> list[RiskReach]:
    """Return what a risk comes to: people first, then what it is likeliest to come to."""
    if iri in study.left_out:
        return []
    rank = {one: at for at, name in enumerate(REACHED) for one in study.register.kinds[name]}
    found = [
        RiskReach(
            id=name,
            type=known[name].type,
            label=known[name].label,
            likelihood=study.reach.get((iri, name)),
            interval=study.reach_interval.get((iri, name)),
            weakest_link=study.links.get((iri, name)),
        )
        for name in study.reached[iri]
    ]

    def order(one: RiskReach) -> tuple[int, float, str, str]:
        number = one.likelihood or one.weakest_link
        return rank[one.id], -(number.assured if number else 0.0), one.label, one.id

    return sorted(found, key=order)


def _guessed(threatened: int, unassessed: int) -> list[str]:
    """Say what is not assessed of the edges by which a risk threatens something."""
    if not threatened:
        return ["It names nothing that it threatens: it is taken to cost whenever it gets past its controls."]
    if not unassessed:
        return []
    of = f" for {unassessed} of {threatened}" if threatened > 1 else ""
    return [f"How likely it hits what it threatens is not assessed{of}: a default counts, or certainty."]


def _group(study: Study, ref: NodeRef, key: str) -> RiskGroup:
    register, members = study.register, study.members[key]
    shares = {iri: study.expected(iri, key) for iri in members}
    numbers = [share for share in shares.values() if share is not None]
    expected = None
    if numbers:
        expected = ByControls(**{name: fsum(getattr(one, name) for one in numbers) for name in SCENARIOS})
    residual = [register.entries[iri].residual_level for iri in members]
    ranked = [level for level in residual if level is not None]
    highest = max(ranked, key=lambda level: (register.rank.get(level, 0), level), default=None)
    limits = register.limits([key] if study.by == "area" else [])
    whole, ledger = len(numbers) == len(members), study.ledgers.get(key) if numbers else None
    return RiskGroup(
        id=ref.id,
        type=ref.type,
        label=ref.label,
        risks=len(members),
        likelihood=study.together.get(key),
        interval=study.together_interval.get(key),
        expected_loss=expected,
        not_counted=tuple(sorted(iri for iri, share in shares.items() if share is None)),
        curve=ledger.curve() if ledger else (),
        quantiles=ledger.quantiles() if ledger else (),
        highest_residual=compact(highest) if highest else None,
        appetite=appetite.shown(limits),
        within_appetite=appetite.within(register, limits, residual, expected, whole=whole),
    )
