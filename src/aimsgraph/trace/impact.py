"""What would it hurt, how likely, and which control stands in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimsgraph.model.impact import (
    Basis,
    Impact,
    ImpactControl,
    ImpactEdge,
    ImpactNode,
    ImpactPath,
    Method,
)
from aimsgraph.model.node import Completeness
from aimsgraph.store import describe
from aimsgraph.trace.annotations import read_annotations
from aimsgraph.trace.controls import assess_controls, effectiveness
from aimsgraph.trace.dimension import dimension_named, restricted, unstated
from aimsgraph.trace.mattering import ways_that_matter
from aimsgraph.trace.network import Adjacency, Network, distances
from aimsgraph.trace.outcome import METHODS
from aimsgraph.trace.projection import BASES, Projection
from aimsgraph.trace.propagate import DEFAULT_SEED, DEFAULT_WORLDS, MAX_EXACT_VARIABLES, propagate
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from aimsgraph.model.node import NodeRef
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.controls import ControlAssessment
    from aimsgraph.trace.outcome import Progress, Propagation
    from aimsgraph.trace.paths import Ways
    from aimsgraph.trace.projection import Ints


def impact(
    view: View,
    projection: Projection,
    sources: Sequence[NodeRef],
    *,
    today: date,
    hops: int | None = None,
    dimension: str | None = None,
    evidence_root: Path | None = None,
    seed: int = DEFAULT_SEED,
    worlds: int = DEFAULT_WORLDS,
    max_exact_variables: int = MAX_EXACT_VARIABLES,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Impact:
    """Say what ``sources``, taken as gone wrong, hurt, and how likely: inherent, claimed and assured.

    Controls are judged as on the day ``today``, their evidence hashed below ``evidence_root`` when given.
    ``hops`` counts only what needs no more than that many steps, ``dimension`` (IRI, CURIE or label) only
    dependencies along which that quality can get lost. The other limits are those of
    :func:`aimsgraph.trace.propagate`.

    :raises UsageError: there is no such dimension.
    """
    known_properties = read_annotations(view)
    quality = dimension_named(view, dimension) if dimension is not None else None
    if quality is not None:
        projection = restricted(projection, known_properties, quality)
    controls = effectiveness(
        view, today=today, evidence_root=evidence_root, only=_in_reach(projection, sources)
    )
    net = network_of(projection, sources, controls)
    answer = propagate(
        net,
        hops=hops,
        seed=seed,
        worlds=worlds,
        max_exact_variables=max_exact_variables,
        time_limit=time_limit,
        progress=progress,
    )
    reached = np.flatnonzero(answer.distance > 0)
    known = describe(view, [projection.ids[number] for number in reached.tolist()])
    shown = {projection.controls[effect.control] for effect in answer.effects}
    assessed = assess_controls(view, today=today, evidence_root=evidence_root, only=shown)
    nodes = tuple(_nodes(projection, known, answer, reached))
    numbers, cut = _walked(net, answer, hops)
    ways = ways_that_matter(view, projection, answer, nodes, hops)
    in_time = answer.in_time
    return Impact(
        sources=tuple(sources),
        nodes=nodes,
        edges=tuple(_edges(projection, numbers)),
        paths=tuple(_paths(projection, answer, ways)),
        controls=tuple(_controls(projection, assessed, answer)),
        controls_left_out=answer.left_out,
        method=answer.method,
        why_simulated=answer.why_simulated,
        worlds=answer.worlds,
        worlds_left_out=answer.worlds_left_out,
        control_worlds=answer.control_worlds,
        rare_left_out=answer.rare_left_out,
        paths_complete=ways.complete,
        seed=seed,
        dimension=compact(quality) if quality is not None else None,
        without_dimension=unstated(projection, known_properties, numbers) if quality is not None else 0,
        unassessed={basis: int((projection.basis[numbers] == at).sum()) for at, basis in enumerate(BASES)},
        completeness=Completeness(
            complete=in_time and not cut,
            stopped_by="time" if not in_time else "hops" if cut else "nothing",
            hops=hops,
            nodes=len(nodes),
            edges=len(numbers),
        ),
        snapshot=projection.snapshot,
        date=today,
        gates=_gates(projection, numbers),
    )


def _gates(projection: Projection, numbers: Ints) -> dict[str, int]:
    """Return the gates of the nodes that these edges lead to."""
    heads = np.unique(projection.target[numbers]).tolist()
    return {
        projection.ids[node]: projection.needs[node] for node in heads if projection.needs.get(node, 1) > 1
    }


def _in_reach(projection: Projection, sources: Sequence[NodeRef]) -> set[str]:
    """Return the controls that can have a say: those before an edge that a source or a leak reaches."""
    roots = {projection.index[node.id] for node in sources if node.id in projection.index}
    starts = np.array(sorted(roots | projection.leaks.keys()), np.int64)
    outgoing = Adjacency.by(projection.source, projection.size)
    reached = distances(projection.target, outgoing, projection.size, starts) >= 0
    return {
        projection.controls[control]
        for node, guards in projection.guards.items()
        if reached[node]
        for control in guards
    }


def network_of(
    projection: Projection, sources: Sequence[NodeRef], controls: Mapping[str, tuple[float, float]]
) -> Network:
    """Return the network over a projection's nodes and edges (same numbers).

    ``controls`` gives claimed and assured effectiveness by IRI; one that is not there does nothing.
    """
    sets: dict[tuple[int, ...], int] = {(): 0}
    guard_of = np.zeros(projection.size, np.int64)
    for guards in sorted(set(projection.guards.values())):
        sets[guards] = len(sets)
    for node, guards in projection.guards.items():
        guard_of[node] = sets[guards]
    effective = np.array([controls.get(control, (0.0, 0.0)) for control in projection.controls], np.float64)
    effective = effective.reshape(-1, 2)
    return Network(
        size=projection.size,
        source=projection.source,
        target=projection.target,
        probability=projection.transmission,
        guard=guard_of[projection.source],
        guard_sets=tuple(sets),
        claimed=effective[:, 0],
        assured=effective[:, 1],
        sources=tuple(sorted({projection.index[node.id] for node in sources if node.id in projection.index})),
        needs=projection.needs,
        leaks=projection.leaks,
        names=projection.ids,
        edge_names=projection.properties,
        edge_kind=projection.kind,
        control_names=projection.controls,
    )


def _nodes(
    projection: Projection, known: Mapping[str, NodeRef], answer: Propagation, reached: Ints
) -> list[ImpactNode]:
    found = []
    for number in reached.tolist():
        ref = known[projection.ids[number]]
        assured = float(answer.probability["assured"][number])
        method: Method = METHODS[int(answer.how[number])] if answer.how is not None else answer.method
        interval = bounds = None
        if method != "exact" and answer.low is not None and answer.high is not None:
            interval = (float(answer.low[number]), float(answer.high[number]))
        if answer.bounds is not None:
            low, high = answer.bounds.low["assured"][number], answer.bounds.high["assured"][number]
            bounds = (float(low), float(high))
        found.append(
            ImpactNode(
                id=ref.id,
                type=ref.type,
                label=ref.label,
                probability=assured,
                interval=interval,
                claimed=float(answer.probability["claimed"][number]),
                assured=assured,
                inherent=float(answer.probability["inherent"][number]),
                min_hops=int(answer.distance[number]),
                method=method,
                bounds=bounds or (0.0, 1.0),
            )
        )
    return sorted(found, key=lambda node: (-node.probability, node.min_hops, node.label, node.id))


def _walked(net: Network, answer: Propagation, hops: int | None) -> tuple[Ints, bool]:
    """Return the edges on the way from the sources, and whether the hop limit cut any off."""
    tail, far = net.source, answer.distance
    from_reached = (far[tail] >= 0) & ~np.isin(net.target, np.array(net.sources, np.int64))
    within = from_reached if hops is None else from_reached & (far[tail] < hops)
    return np.flatnonzero(within), bool((from_reached & ~within).any())


def _edges(projection: Projection, numbers: Ints) -> list[ImpactEdge]:
    ids, controls = projection.ids, projection.controls
    guards = {node: tuple(controls[number] for number in found) for node, found in projection.guards.items()}
    columns = (
        projection.source,
        projection.target,
        projection.kind,
        projection.transmission,
        projection.basis,
    )
    found = []
    for a, b, kind, chance, basis in zip(*(column[numbers].tolist() for column in columns), strict=True):
        name: Basis = BASES[basis]
        found.append(
            ImpactEdge(
                source=ids[a],
                target=ids[b],
                property=projection.properties[kind],
                transmission=None if name == "unknown" else chance,
                basis=name,
                controls=guards.get(a, ()),
            )
        )
    return found


def _paths(projection: Projection, answer: Propagation, ways: Ways) -> list[ImpactPath]:
    matter = answer.network
    return [
        ImpactPath(
            nodes=way.nodes(matter, projection.ids),
            properties=way.properties(matter, projection.properties),
            probability=way.probability,
        )
        for way in ways.found
    ]


def _controls(
    projection: Projection, controls: Mapping[str, ControlAssessment], answer: Propagation
) -> list[ImpactControl]:
    found = []
    for effect in answer.effects:
        item = controls[projection.controls[effect.control]]
        found.append(
            ImpactControl(
                **item.told(),
                if_off=effect.if_off,
                if_on=effect.if_on,
            )
        )
    return sorted(found, key=lambda control: (control.if_on - control.if_off, control.label, control.id))
