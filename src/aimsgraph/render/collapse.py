"""A picture of too many nodes, drawn as one box per type."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from aimsgraph.render.metrics import printable
from aimsgraph.render.sketch import Box, Line, Sketch, types_of
from aimsgraph.render.words import property_words, share, type_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from aimsgraph.model.node import NodeRef
    from aimsgraph.render.sketch import AnyEdge


def collapsed(
    title: str,
    subtitle: str,
    nodes: Sequence[NodeRef],
    edges: Sequence[AnyEdge],
    *,
    focus: Collection[str],
    probabilities: Mapping[str, float],
    words: Mapping[str, str] | None,
) -> Sketch:
    """Return one box per type with the number of its nodes, and one arrow per pair of types and property.

    A box names the nodes in focus when there are no more than three, and the highest probability of its type.
    """
    types = {node.id: node.type for node in nodes}
    for edge in edges:
        types.setdefault(edge.source, "")
        types.setdefault(edge.target, "")
    labels = {node.id: printable(node.label) for node in nodes}
    counts = Counter(types.values())
    names = {curie: f"n{number}" for number, curie in enumerate(counts, 1)}
    boxes = []
    for curie, count in counts.items():
        started = [labels.get(iri, iri) for iri, its in types.items() if its == curie and iri in focus]
        likely = max((p for iri, p in probabilities.items() if types.get(iri) == curie), default=None)
        label = _counted(count, "node")
        if 0 < len(started) <= 3:
            label += ", with " + ", ".join(started)
        boxes.append(
            Box(
                name=names[curie],
                key=curie,
                type=curie,
                caption=type_words(curie) + (" · start" if started else ""),
                label=label,
                note="" if likely is None else f"up to {share(likely)} likely",
                focus=bool(started),
                weight=likely or 0.0,
            )
        )
    distinct = dict.fromkeys((edge.source, edge.target, edge.property) for edge in edges)
    between = Counter((types[source], types[target], said) for source, target, said in distinct)
    lines = tuple(
        Line(
            names[source],
            names[target],
            printable(property_words(said, words)),
            _counted(count, "link"),
        )
        for (source, target, said), count in between.items()
    )
    said = f"{len(types):,} nodes and {len(distinct):,} links, one box per type: too many to draw singly."
    return Sketch(
        printable(title),
        f"{subtitle}\n{said}" if subtitle else said,
        tuple(boxes),
        lines,
        (),
        types_of(boxes),
        collapsed=True,
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
