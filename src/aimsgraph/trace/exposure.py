"""What all risks hurt, and what they cost, read from a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimsgraph.model.fixing import Risked
from aimsgraph.trace.burden import burden
from aimsgraph.trace.impact import network_of
from aimsgraph.trace.network import Adjacency, distances
from aimsgraph.trace.propagate import DEFAULT_SEED, MAX_EXACT_VARIABLES
from aimsgraph.trace.register import REACHED, read_register
from aimsgraph.trace.selection import chosen, own

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aimsgraph.model.node import NodeRef
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.burden import Burden
    from aimsgraph.trace.network import Network
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Floats, Projection
    from aimsgraph.trace.register import Register


def exposure(
    view: View,
    projection: Projection,
    nodes: Sequence[NodeRef],
    controls: Mapping[str, tuple[float, float]],
    *,
    seed: int = DEFAULT_SEED,
    max_exact_variables: int = MAX_EXACT_VARIABLES,
    progress: Progress | None = None,
) -> tuple[Network, Burden]:
    """Return the network, without sources, and what the risks do in it to parties, processes and systems.

    Over all risks, or those that the ``nodes`` stand for as in :func:`aimsgraph.trace.risks`; then only these nodes, or
    the risks they have, and what follows from them count as hurt. ``controls`` gives claimed and assured effectiveness
    by IRI.
    """
    register = read_register(view)
    asked = chosen(register, projection, nodes)
    known = [projection.index[iri] for iri in asked if iri in projection.index]
    net = network_of(projection, [], controls)
    return net, burden(
        net, known, _targets(register, projection, nodes), losses=_losses(register, projection, asked),
        guards=projection.guards, elsewhere=len(asked) - len(known), seed=seed,
        max_exact_variables=max_exact_variables, progress=progress,
    )  # fmt: skip


def risked(borne: Burden, column: Floats) -> Risked:
    """Return what is at risk when each control works with its chance in ``column``."""
    return Risked(harm=float(borne.harms([column])[0]), loss=borne.loss(column))


def _targets(register: Register, projection: Projection, nodes: Sequence[NodeRef]) -> list[int]:
    """Return what counts as hurt: all that is followed, or what follows from the nodes or from the risks they have."""
    number = projection.index
    followed = sorted({number[iri] for kind in REACHED for iri in register.kinds[kind] if iri in number})
    if not nodes:
        return followed
    starts = {iri for node in nodes for iri in (node.id, *own(register, node)) if iri in number}
    roots = np.array(sorted(number[iri] for iri in starts), np.int64)
    outgoing = Adjacency.by(projection.source, projection.size)
    reached = distances(projection.target, outgoing, projection.size, roots)
    return [node for node in followed if reached[node] >= 0]


def _losses(register: Register, projection: Projection, asked: Sequence[str]) -> dict[int, float]:
    """Return per risk what it costs a year were no control there: how likely it is, times the mean loss of one event.

    Those that nothing in the projection speaks of, which have no number, come together under -1: no control stands
    before them.

    As in :func:`aimsgraph.trace.risks` it costs when it gets to something that it threatens, or threatens nothing. What
    gets only to things that several causes together have to turn is left out: that is not its own doing.
    """
    misses = np.ones(projection.size)
    gated = [node for node, needed in projection.needs.items() if needed > 1]
    alone = ~np.isin(projection.target, gated)
    np.multiply.at(misses, projection.source[alone], 1.0 - projection.transmission[alone])
    leaving = np.bincount(projection.source, minlength=projection.size)
    found: dict[int, float] = {}
    for iri in asked:
        risk, entry = projection.index.get(iri, -1), register.entries[iri]
        if entry.annual_probability is not None and entry.loss is not None:
            arrives = 1.0 - float(misses[risk]) if risk >= 0 and leaving[risk] else 1.0
            found[risk] = found.get(risk, 0.0) + entry.annual_probability * entry.loss.mean * arrives
    return found
