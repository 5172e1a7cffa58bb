"""The likeliest ways to what matters most: to people, then processes, then systems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.store.portion import named, one_of
from aimsgraph.trace.paths import Ways, ways_to
from aimsgraph.trace.register import REACHED
from aimsgraph.vocab import AIMS, RDF, RDFS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.model.impact import ImpactNode
    from aimsgraph.store.protocol import View
    from aimsgraph.trace.outcome import Propagation
    from aimsgraph.trace.projection import Projection

#: Paths shown.
PATHS: Final = 5


def ways_that_matter(
    view: View,
    projection: Projection,
    answer: Propagation,
    nodes: Sequence[ImpactNode],
    hops: int | None,
) -> Ways:
    """Return the best ways to the nodes that matter most (to any, where none of these is hurt)."""
    rank = _ranks(view, [node.id for node in nodes])
    targets = [node for node in nodes if node.id in rank] or list(nodes)
    targets.sort(
        key=lambda node: (rank.get(node.id, 0), -node.probability, node.min_hops, node.label, node.id)
    )
    return ways_to(answer.network, [projection.index[node.id] for node in targets], count=PATHS, hops=hops)


def _ranks(view: View, nodes: list[str]) -> dict[str, int]:
    """Return the rank of each of the nodes that matters by its class, people first."""
    places: dict[str, int] = {}
    for place, name in enumerate(REACHED):
        for row in view.rows(f"SELECT ?k WHERE {{ ?k <{RDFS}subClassOf>* <{AIMS}{name}> }}"):
            places.setdefault(str(row["k"]), place)
    found: dict[str, int] = {}
    for values in named("n", nodes):
        for row in view.rows(f"SELECT ?n ?k WHERE {{ {one_of('k', places, values)} ?n <{RDF}type> ?k }}"):
            iri, place = str(row["n"]), places[str(row["k"])]
            found[iri] = min(place, found.get(iri, place))
    return found
