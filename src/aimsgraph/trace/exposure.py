"""What all risks hurt, and what they cost, read from a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.model.fixing import Risked
from aimsgraph.store.portion import named, one_of
from aimsgraph.trace.burden import burden
from aimsgraph.trace.impact import network_of
from aimsgraph.trace.network import Adjacency, distances
from aimsgraph.trace.propagate import DEFAULT_SEED, MAX_EXACT_VARIABLES
from aimsgraph.trace.register import read_register
from aimsgraph.vocab import AIMS, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from aimsgraph.model.node import NodeRef
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.burden import Burden
    from aimsgraph.trace.network import Network
    from aimsgraph.trace.outcome import Progress
    from aimsgraph.trace.projection import Floats, Ints, Projection

#: What is hurt that counts.
TARGETS: Final = ("AffectedParty", "BusinessProcess", "AISystem")


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

    Over all risks, or those that can reach one of the ``nodes``; then only these nodes, and what follows from them,
    count as hurt. ``controls`` gives claimed and assured effectiveness by IRI.
    """
    risks, targets = _scope(view, projection, nodes)
    net = network_of(projection, [], controls)
    losses = _losses(view, projection, risks if nodes else None)
    return net, burden(
        net, risks, targets, losses=losses, guards=projection.guards, seed=seed,
        max_exact_variables=max_exact_variables, progress=progress,
    )  # fmt: skip


def risked(borne: Burden, column: Floats) -> Risked:
    """Return what is at risk when each control works with its chance in ``column``."""
    return Risked(harm=float(borne.harms([column])[0]), loss=borne.loss(column))


def _scope(view: View, projection: Projection, nodes: Sequence[NodeRef]) -> tuple[list[int], list[int]]:
    """Return the risks and the targets, as numbers into the projection, in IRI order."""
    risks = _instances(view, projection, ("Risk",))
    targets = _instances(view, projection, TARGETS)
    if not nodes:
        return risks, targets
    asked = np.array(sorted({projection.index[n.id] for n in nodes if n.id in projection.index}), np.int64)
    up = _reached(projection.target, projection.source, projection.size, asked)
    down = _reached(projection.source, projection.target, projection.size, asked)
    return [node for node in risks if up[node]], [node for node in targets if down[node]]


def _reached(tails: Ints, heads: Ints, size: int, starts: Ints) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = distances(heads, Adjacency.by(tails, size), size, starts) >= 0
    return found


def _instances(view: View, projection: Projection, names: Sequence[str]) -> list[int]:
    """Return the nodes of the projection that are of some classes of ours, or of one below them."""
    classes = {
        str(row["k"])
        for name in names
        for row in view.rows(f"SELECT ?k WHERE {{ ?k <{RDFS}subClassOf>* <{AIMS}{name}> }}")
    }
    found: set[int] = set()
    for values in named("n", list(projection.ids)):
        pattern = one_of("k", sorted(classes), values)
        for row in view.rows(f"SELECT DISTINCT ?n WHERE {{ {pattern} ?n <{RDF}type> ?k }}"):
            number = projection.index.get(str(row["n"]))
            if number is not None:
                found.add(number)
    return sorted(found)


def _losses(view: View, projection: Projection, only: Sequence[int] | None) -> dict[int, float]:
    """Return per risk what it costs a year were no control there: how likely it is, times the mean loss of one event.

    Of all risks, or ``only`` some. Those that nothing in the projection speaks of, which have no number, come together
    under -1: no control stands before them.

    As in :func:`aimsgraph.trace.risks` it costs when it gets to something that it threatens, or threatens nothing. What
    gets only to things that several causes together have to turn is left out: that is not its own doing.
    """
    register = read_register(view)
    misses = np.ones(projection.size)
    gated = [node for node, needed in projection.needs.items() if needed > 1]
    own = ~np.isin(projection.target, gated)
    np.multiply.at(misses, projection.source[own], 1.0 - projection.transmission[own])
    leaving = np.bincount(projection.source, minlength=projection.size)
    found: dict[int, float] = {}
    for iri, entry in register.entries.items():
        risk = projection.index.get(iri, -1)
        chosen = only is None or risk in only
        if chosen and entry.annual_probability is not None and entry.loss is not None:
            arrives = 1.0 - float(misses[risk]) if risk >= 0 and leaving[risk] else 1.0
            found[risk] = found.get(risk, 0.0) + entry.annual_probability * entry.loss.mean * arrives
    return found
