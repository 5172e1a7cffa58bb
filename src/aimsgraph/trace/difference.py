"""Two answers to the same question side by side: what came, what went, what is more or less likely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.model.node import NodeRef
from aimsgraph.model.what_if import Chances, LineageDifference, NodeDifference

if TYPE_CHECKING:
    from aimsgraph.model.impact import Impact, ImpactNode
    from aimsgraph.model.lineage import Lineage
    from aimsgraph.model.what_if import Turn

#: Differences below this are the rounding of sums.
_NOTHING: Final = 1e-12


def worked_out_alike(today: Impact, then: Impact) -> bool:
    """Say whether both answers were found in the same way: exactly, or over as many worlds, and so each node.

    What is counted only on account of being rare counts as simulated: it is the same worlds that it was too rare for.
    """
    if today.worlds != then.worlds:
        return False
    exact = {node.id: node.method == "exact" for node in today.nodes}
    return all(exact.get(node.id, node.method == "exact") == (node.method == "exact") for node in then.nodes)


def impact_difference(today: Impact, then: Impact) -> tuple[list[NodeDifference], int]:
    """Return the nodes whose numbers differ, the largest difference first, and how many have the same."""
    before, after = ({node.id: node for node in one.nodes} for one in (today, then))
    found, same = [], 0
    for iri in sorted(before.keys() | after.keys()):
        one = _node_difference(before.get(iri), after.get(iri))
        if one is None:
            same += 1
        else:
            found.append(one)
    found.sort(key=lambda one: (-round(abs(one.difference), 12), one.label, one.id))
    return found, same


def _node_difference(before: ImpactNode | None, after: ImpactNode | None) -> NodeDifference | None:
    old, new = _chances(before), _chances(after)
    gaps = [
        (getattr(new, name) if new else 0.0) - (getattr(old, name) if old else 0.0)
        for name in ("assured", "claimed", "inherent")
    ]
    telling = next((gap for gap in gaps if abs(gap) > _NOTHING), 0.0)
    turn: Turn = "likelier" if telling > 0.0 else "less-likely"
    if old is None or new is None:
        turn = "disappears" if new is None else "appears"
    elif not telling:
        return None
    node = after or before
    assert node is not None  # noqa: S101 - one of the two sides has it
    return NodeDifference(
        id=node.id, type=node.type, label=node.label, turn=turn, today=old, then=new,
        difference=gaps[0] if abs(gaps[0]) > _NOTHING else 0.0,
    )  # fmt: skip


def _chances(node: ImpactNode | None) -> Chances | None:
    if node is None:
        return None
    return Chances(
        inherent=node.inherent, claimed=node.claimed, assured=node.assured, interval=node.interval,
        min_hops=node.min_hops,
    )  # fmt: skip


def lineage_difference(today: Lineage, then: Lineage) -> LineageDifference:
    """Return the nodes that only one of two lineages has."""
    before, after = ({node.id: node for node in one.nodes} for one in (today, then))
    return LineageDifference(
        source=today.source,
        direction=today.direction,
        appears=tuple(_plain(node) for iri, node in after.items() if iri not in before),
        disappears=tuple(_plain(node) for iri, node in before.items() if iri not in after),
        unchanged=len(before.keys() & after.keys()),
    )


def _plain(node: NodeRef) -> NodeRef:
    return NodeRef(id=node.id, type=node.type, label=node.label)
