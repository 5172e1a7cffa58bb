"""Which risks a question is about: those that the nodes asked about stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aimsgraph.trace.network import Adjacency, distances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.model.node import NodeRef
    from aimsgraph.trace.projection import Projection
    from aimsgraph.trace.register import Register


def own(register: Register, node: NodeRef) -> set[str]:
    """Return the IRIs of the risks that a node is or has: a risk itself, an area or an owner its risks."""
    if node.id in register.entries:
        return {node.id}
    return {iri for iri, one in register.entries.items() if node.id in (*one.areas, *one.owners)}


def chosen(register: Register, projection: Projection, nodes: Sequence[NodeRef]) -> list[str]:
    """Return the IRIs of the risks that the nodes stand for, in IRI order; without nodes, of all.

    A risk stands for itself, an area or an owner for its risks, anything else for the risks that can come to it.
    """
    if not nodes:
        return sorted(register.entries)
    found: set[str] = set()
    incoming = Adjacency.by(projection.target, projection.size)
    for node in nodes:
        found |= own(register, node)
        start = projection.index.get(node.id)
        if start is not None and node.id not in register.entries:
            roots = np.array([start], np.int64)
            reached = distances(projection.source, incoming, projection.size, roots)
            before = np.flatnonzero(reached > 0).tolist()
            found |= register.entries.keys() & {projection.ids[number] for number in before}
    return sorted(found)
