"""What changed in a lineage from one state of the graph to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.model.routes import LineageChange, Moved
from aimsgraph.vocab import AIMS, RDFS, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.model.lineage import Lineage
    from aimsgraph.model.node import Edge
    from aimsgraph.model.routes import State

#: What a qualified dependency says of its dependency.
_QUALIFYING: Final = frozenset(AIMS + name for name in ("via", "dependencyValidFrom", "dependencyValidUntil"))
#: What decides whether, and which way, something flows along a property.
_RULING: Final = frozenset({AIMS + "impactDirection", AIMS + "flowKind", RDFS + "subPropertyOf"})


def lineage_change(
    before: Lineage,
    after: Lineage,
    since: State,
    until: State,
    changesets: Sequence[Changeset] | None = None,
) -> LineageChange:
    """Compare two lineages of the same node, asked for in the same way of two states.

    ``completeness`` is that of the one of the two that is not whole, else of the newer.
    """
    old, new = ({node.id: node for node in answer.nodes} for answer in (before, after))
    known, now = set(before.edges), set(after.edges)
    return LineageChange(
        source=after.source,
        direction=after.direction,
        since=since,
        until=until,
        added=tuple(node for node in after.nodes if node.id not in old),
        removed=tuple(node for node in before.nodes if node.id not in new),
        moved=tuple(
            Moved(id=node.id, type=node.type, label=node.label, before=old[node.id].hops, after=node.hops)
            for node in after.nodes
            if node.id in old and old[node.id].hops != node.hops
        ),
        edges_added=tuple(edge for edge in after.edges if edge not in known),
        edges_removed=tuple(edge for edge in before.edges if edge not in now),
        changesets=None if changesets is None else tuple(changesets),
        completeness=after.completeness if before.completeness.complete else before.completeness,
        date=after.date,
        filters=after.filters,
    )


def bears_on(edges: Sequence[Edge]) -> Callable[[str, str, str], bool]:
    """Return a test for statements that may have made dependencies come or go."""
    pairs = {ends for edge in edges for ends in ((edge.source, edge.target), (edge.target, edge.source))}
    ends = {end for pair in pairs for end in pair}
    properties = {expand(edge.property) or edge.property for edge in edges}

    def fits(subject: str, name: str, value: str) -> bool:
        return (
            (subject, value) in pairs
            or (name == AIMS + "on" and value in ends)
            or (name in _QUALIFYING and bool(pairs))
            or (name in _RULING and subject in properties)
        )

    return fits
