"""Why one node is hurt with the probability that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.model.node import Completeness
from aimsgraph.model.reasoning import ControlImportance, EdgeImportance, Guess, ImpactExplanation, Way
from aimsgraph.render.paragraph import paragraph
from aimsgraph.render.words import property_words
from aimsgraph.store import describe
from aimsgraph.trace.annotations import read_annotations
from aimsgraph.trace.controls import assess_controls
from aimsgraph.trace.dimension import dimension_named, restricted
from aimsgraph.trace.impact import network_of
from aimsgraph.trace.importance import importance
from aimsgraph.trace.paths import best_ways
from aimsgraph.trace.projection import BASES
from aimsgraph.trace.propagate import DEFAULT_SEED, DEFAULT_WORLDS, MAX_EXACT_VARIABLES
from aimsgraph.trace.toward import toward
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from aimsgraph.model.node import NodeRef
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.controls import ControlAssessment
    from aimsgraph.trace.importance import Importance, Weight
    from aimsgraph.trace.network import Network
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Projection

#: Ways that are shown.
WAYS: Final = 5
#: Differences below this are the rounding of sums, not a finding.
_NOTHING: Final = 1e-12


def explain_impact(
    view: View,
    projection: Projection,
    sources: Sequence[NodeRef],
    target: NodeRef,
    *,
    today: date,
    hops: int | None = None,
    dimension: str | None = None,
    evidence_root: Path | None = None,
    seed: int = DEFAULT_SEED,
    worlds: int = DEFAULT_WORLDS,
    max_exact_variables: int = MAX_EXACT_VARIABLES,
    progress: Progress | None = None,
) -> ImpactExplanation:
    """Explain the assured probability of ``target`` when ``sources`` go wrong: ways, edges, controls, guesses.

    The options are those of :func:`aimsgraph.trace.impact`.
    """
    if dimension is not None:
        quality = dimension_named(view, dimension)
        found = explain_impact(
            view, restricted(projection, read_annotations(view), quality), sources, target, today=today, hops=hops,
            evidence_root=evidence_root, seed=seed, worlds=worlds, max_exact_variables=max_exact_variables,
            progress=progress,
        )  # fmt: skip
        found = found.model_copy(update={"dimension": compact(quality)})
        return found.model_copy(update={"text": paragraph(found)})
    goal = projection.index.get(target.id)
    bare = network_of(projection, sources, {})
    if goal is None or goal in bare.sources or toward(bare, [goal], hops)[1][goal] < 0:
        certain = target.id in {source.id for source in sources}
        farther = hops is not None and goal is not None and toward(bare, [goal])[1][goal] >= 0
        return _trivial(
            projection, sources, target, certain, farther=farther, today=today, hops=hops, seed=seed
        )
    close = toward(bare, [goal], hops)[0]
    near = {
        projection.controls[control]
        for number in np.unique(close.guard).tolist()
        for control in close.guard_sets[number]
    }
    assessed = assess_controls(view, today=today, evidence_root=evidence_root, only=near)
    net = network_of(projection, sources, {iri: (one.claimed, one.assured) for iri, one in assessed.items()})
    answer = importance(
        net, goal, guesses=np.flatnonzero(projection.basis > 0), hops=hops, seed=seed, worlds=worlds,
        max_exact_variables=max_exact_variables, progress=progress,
    )  # fmt: skip
    return _told(view, projection, net, answer, assessed, sources, target, today=today, hops=hops, seed=seed)


def _told(
    view: View, projection: Projection, net: Network, answer: Importance,
    assessed: Mapping[str, ControlAssessment], sources: Sequence[NodeRef], target: NodeRef,
    *, today: date, hops: int | None, seed: int,
) -> ImpactExplanation:  # fmt: skip
    part, now, goal = answer.network, answer.probability["assured"], projection.index[target.id]
    ends = sorted({projection.ids[n] for n in {*part.source.tolist(), *part.target.tolist()}})
    known = describe(view, ends)
    edges = _edges(projection, answer)
    controls = _controls(projection, answer, assessed)
    cut = hops is not None and len(toward(net, [goal])[0].source) > len(part.source)
    found = ImpactExplanation(
        sources=tuple(sources),
        target=target,
        probability=now,
        interval=answer.interval,
        claimed=answer.probability["claimed"],
        inherent=answer.probability["inherent"],
        min_hops=int(answer.distance[goal]),
        ways=tuple(_ways(projection, answer, goal, hops)),
        edges=tuple(edges),
        controls=tuple(controls),
        guesses=tuple(_guesses(edges, controls, known)),
        all_guesses=answer.all_guesses,
        from_outside=_share(now - answer.without_leaks, now),
        edges_left_out=answer.edges_left_out,
        controls_left_out=answer.controls_left_out,
        nodes=tuple(known[name] for name in ends),
        method=answer.method,
        worlds=answer.worlds,
        weighing=answer.weighing,
        weighing_worlds=answer.weighing_worlds,
        seed=seed,
        completeness=Completeness(
            complete=not cut and answer.in_time,
            stopped_by="time" if not answer.in_time else "hops" if cut else "nothing",
            hops=hops,
            nodes=len(ends),
            edges=len(part.source),
        ),
        snapshot=projection.snapshot,
        date=today,
    )
    return found.model_copy(update={"text": paragraph(found)})


def _trivial(
    projection: Projection, sources: Sequence[NodeRef], target: NodeRef, certain: bool,
    *, farther: bool, today: date, hops: int | None, seed: int,
) -> ImpactExplanation:  # fmt: skip
    """Explain a target that is itself a source, or that nothing leads to, save what is ``farther`` than the hops."""
    chance = 1.0 if certain else 0.0
    found = ImpactExplanation(
        sources=tuple(sources), target=target, probability=chance, interval=None, claimed=chance, inherent=chance,
        min_hops=0 if certain else None, ways=(), edges=(), controls=(), guesses=(), all_guesses=None,
        from_outside=0.0, edges_left_out=0, controls_left_out=0, nodes=(), method="exact", worlds=None,
        weighing="exact", weighing_worlds=None, seed=seed, snapshot=projection.snapshot, date=today,
        completeness=Completeness(
            complete=certain or not farther, stopped_by="nothing" if certain or not farther else "hops",
            hops=hops, nodes=0, edges=0,
        ),
    )  # fmt: skip
    return found.model_copy(update={"text": paragraph(found)})


def _ways(projection: Projection, answer: Importance, goal: int, hops: int | None) -> list[Way]:
    part, now = answer.network, answer.probability["assured"]
    return [
        Way(
            nodes=way.nodes(part, projection.ids),
            properties=way.properties(part, projection.properties),
            probability=way.probability,
            share=_share(way.probability, now),
        )
        for way in best_ways(part, [goal], count=WAYS, hops=hops)
    ]


def _edges(projection: Projection, answer: Importance) -> list[EdgeImportance]:
    part, now, ids = answer.network, answer.probability["assured"], projection.ids
    found = []
    for weight in answer.edges:
        edge = weight.number
        basis = BASES[int(projection.basis[answer.numbers[edge]])]
        guards = part.guard_sets[int(part.guard[edge])]
        found.append(
            EdgeImportance(
                source=ids[int(part.source[edge])],
                target=ids[int(part.target[edge])],
                property=projection.properties[int(part.edge_kind[edge])],
                transmission=None if basis == "unknown" else weight.chance,
                basis=basis,
                controls=tuple(projection.controls[control] for control in guards),
                used=weight.chance,
                if_never=weight.never,
                if_always=weight.always,
                birnbaum=_difference(weight.always, weight.never),
                fussell_vesely=_share(now - weight.never, now),
                diagnostic=_share(weight.chance * weight.always, now),
                margin=weight.margin,
            )
        )
    return sorted(
        found, key=lambda edge: (_rank(-edge.birnbaum), _rank(-edge.fussell_vesely), edge.source, edge.target)
    )


def _controls(
    projection: Projection, answer: Importance, assessed: Mapping[str, ControlAssessment]
) -> list[ControlImportance]:
    now = answer.probability["assured"]
    found = []
    for weight in answer.controls:
        item = assessed[projection.controls[weight.number]]
        found.append(
            ControlImportance(
                **item.told(),
                if_failed=weight.never,
                if_fresh=_at(weight, item.claimed, now),
                if_perfect=weight.always,
                birnbaum=_difference(weight.never, weight.always),
                fussell_vesely=_share(now - weight.always, now),
                margin=weight.margin,
            )
        )
    return sorted(
        found, key=lambda one: (_rank(-one.birnbaum), _rank(-one.fussell_vesely), one.label, one.id)
    )


def _at(weight: Weight, chance: float, now: float) -> float:
    """Return the probability with a control of this effectiveness: it is linear in it, and exact at what is so now."""
    if chance == weight.chance:
        return now
    return weight.never + chance * (weight.always - weight.never)


def _guesses(
    edges: Sequence[EdgeImportance], controls: Sequence[ControlImportance], known: Mapping[str, NodeRef]
) -> list[Guess]:
    found = [
        Guess(
            basis=edge.basis,
            label=f"{known[edge.source].label} {property_words(edge.property)} {known[edge.target].label}",
            used=edge.used,
            if_zero=edge.if_never,
            if_one=edge.if_always,
            source=edge.source,
            target=edge.target,
            property=edge.property,
        )
        for edge in edges
        if edge.basis != "assessed"
    ]
    found += [
        Guess(
            basis="unverified", label=one.label, used=one.assured_effectiveness, if_zero=one.if_perfect,
            if_one=one.if_failed, control=one.id,
        )
        for one in controls
        if not one.verified
    ]  # fmt: skip
    return sorted(found, key=lambda one: (_rank(one.if_zero - one.if_one), one.label, one.property or ""))


def _difference(larger: float, smaller: float) -> float:
    return larger - smaller if larger - smaller > _NOTHING else 0.0


def _share(part: float, whole: float) -> float:
    """Return a share from 0 to 1; of nothing there is none."""
    return min(1.0, part / whole) if whole > 0.0 and part > _NOTHING * whole else 0.0


def _rank(value: float) -> float:
    """Round what is sorted by, so that the last digit of a sum decides nothing."""
    return round(value, 12)
