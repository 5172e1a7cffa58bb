"""A projection as a graph of networkx, for those who want its algorithms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aimsgraph.trace.projection import BASES

if TYPE_CHECKING:
    import networkx as nx

    from aimsgraph.trace.projection import Projection


def to_networkx(projection: Projection) -> nx.MultiDiGraph[str]:
    """Return the dependencies as a graph whose nodes are IRIs and whose edges run as impact does.

    An edge has ``property`` (CURIE), ``transmission``, ``basis`` and ``threat``; a node, where it has them, ``guards``
    (the IRIs of controls), ``needs`` and ``leak``.
    """
    # It takes as long to import as all else that a short command needs.
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        snapshot=projection.snapshot, date=projection.today.isoformat()
    )
    ids, properties = list(projection.ids), projection.properties
    said: dict[int, dict[str, Any]] = {}
    for node, controls in projection.guards.items():
        said.setdefault(node, {})["guards"] = tuple(projection.controls[control] for control in controls)
    for name, numbers in (("needs", projection.needs), ("leak", projection.leaks)):
        for node, number in numbers.items():
            said.setdefault(node, {})[name] = number
    graph.add_nodes_from((name, said.get(node, {})) for node, name in enumerate(ids))
    columns = (
        projection.source,
        projection.target,
        projection.kind,
        projection.transmission,
        projection.basis,
        projection.threat,
    )
    for a, b, kind, chance, basis, threat in zip(*(column.tolist() for column in columns), strict=True):
        graph.add_edge(
            ids[a], ids[b],
            property=properties[kind], transmission=chance, basis=BASES[basis], threat=threat,
        )  # fmt: skip
    return graph
