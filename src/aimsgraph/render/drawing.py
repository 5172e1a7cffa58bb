"""What is to be drawn, before any choice of boxes: nodes, dependencies, controls, gates and the words on the sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aimsgraph.model.impact import ImpactEdge
from aimsgraph.model.node import Edge, NodeRef
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from aimsgraph.model.impact import ImpactControl

AnyEdge = Edge | ImpactEdge
Fact = str | int | bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes by IRI and distinct edges in the direction of impact, every end of which is among the nodes.

    ``focus`` are the IRIs where the question starts, ``probabilities`` (IRI → 0..1) the numbers in the boxes,
    ``gates`` (IRI → number) how many arrows must bring harm before that node is harmed, ``words`` (property CURIE →
    what the tail of an arrow does to its head) go before the built-in ones. ``facts`` say what was asked, of which
    snapshot and when, for formats that carry data.
    """

    title: str
    subtitle: str
    nodes: Mapping[str, NodeRef]
    edges: tuple[AnyEdge, ...]
    focus: frozenset[str] = frozenset()
    probabilities: Mapping[str, float] = field(default_factory=dict)
    controls: tuple[ImpactControl, ...] = ()
    gates: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, str] | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


def drawing(
    title: str,
    subtitle: str,
    nodes: Sequence[NodeRef],
    edges: Sequence[AnyEdge],
    *,
    focus: Collection[str] = (),
    probabilities: Mapping[str, float] | None = None,
    controls: Sequence[ImpactControl] = (),
    gates: Mapping[str, int] | None = None,
    words: Mapping[str, str] | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Drawing:
    """Return the drawing with equal edges once, and a node of no type for every end that is not among ``nodes``."""
    known = {node.id: node for node in nodes}
    for edge in edges:
        for end in (edge.source, edge.target):
            known.setdefault(end, NodeRef(id=end, type="", label=local_name(end)))
    return Drawing(
        title=title,
        subtitle=subtitle,
        nodes=known,
        edges=tuple(dict.fromkeys(edges)),
        focus=frozenset(focus),
        probabilities=probabilities or {},
        controls=tuple(controls),
        gates=gates or {},
        words=words,
        facts=facts or {},
    )
