"""What all risks hurt, and what they cost, read from a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from aimsgraph.model.fixing import Risked
from aimsgraph.store.portion import named, one_of
from aimsgraph.trace.annotations import probability
from aimsgraph.trace.burden import burden
from aimsgraph.trace.impact import network_of
from aimsgraph.trace.network import Adjacency, distances
from aimsgraph.trace.propagate import DEFAULT_SEED, MAX_EXACT_VARIABLES
from aimsgraph.trace.statements import read_statements
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
_PROBABILITY: Final = AIMS + "annualProbability"
_LOSS: Final = AIMS + "expectedLoss"


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
    return net, burden(
        net, risks, targets, losses=_losses(view, projection, risks), guards=projection.guards, seed=seed,
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


def _losses(view: View, projection: Projection, risks: Sequence[int]) -> dict[int, float]:
    """Return per risk its annual probability times the loss of one event, where both are known (the larger ones)."""
    stated = read_statements(view, [projection.ids[risk] for risk in risks], [_PROBABILITY, _LOSS])
    found = {}
    for risk in risks:
        item = stated[projection.ids[risk]]
        chances = [number for value in item.all(_PROBABILITY) if (number := probability(value)) is not None]
        amounts = [amount for value in item.all(_LOSS) if (amount := _amount(value)) is not None]
        if chances and amounts:
            found[risk] = max(chances) * max(amounts)
    return found


def _amount(value: object) -> float | None:
    try:
        amount = float(str(value))
    except ValueError:
        return None
    return amount if 0.0 <= amount < float("inf") else None
