"""What a picture shows, before any notation: boxes, lines, guards and the words of its legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aimsgraph.model.impact import ImpactEdge
from aimsgraph.model.node import Edge, NodeRef
from aimsgraph.render.metrics import printable
from aimsgraph.render.words import basis_words, property_words, share, type_words
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from aimsgraph.model.impact import Basis


@dataclass(frozen=True, slots=True)
class Box:
    """A node in a picture: its name in the notation, its IRI (or type, when collapsed) and its words."""

    name: str
    key: str
    type: str
    caption: str
    label: str
    note: str = ""
    focus: bool = False
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow in the direction of impact: words, the number beside them, and the codes of its guards."""

    source: str
    target: str
    words: str
    number: str = ""
    basis: Basis | None = None
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """A control that stands in the way: its code on the arrows (``C1``), and what the legend says of it."""

    code: str
    label: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """A whole picture: ``types`` are the types shown, in the order of their first box.

    ``reading`` is the sentence of the legend that says what an arrow means; ``sampled`` says whether the legend
    shows a sample of each type, which is idle where every box is of a type of its own.
    """

    title: str
    subtitle: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    guards: tuple[Guard, ...]
    types: tuple[str, ...]
    collapsed: bool
    reading: str = "What goes wrong at the tail of an arrow can harm its head."
    sampled: bool = True


AnyEdge = Edge | ImpactEdge


def sketch(
    title: str,
    subtitle: str,
    nodes: Sequence[NodeRef],
    edges: Sequence[AnyEdge],
    *,
    focus: Collection[str],
    probabilities: Mapping[str, float],
    guards: Mapping[str, Guard],
    words: Mapping[str, str] | None,
) -> Sketch:
    """Return one box per node and one arrow per distinct edge; an end not among the nodes gets a box too."""
    known = dict.fromkeys(node.id for node in nodes)
    missing = dict.fromkeys(end for edge in edges for end in (edge.source, edge.target) if end not in known)
    everything = {node.id: node for node in nodes} | {
        iri: NodeRef(id=iri, type="", label=local_name(iri)) for iri in missing
    }
    names = {iri: f"n{number}" for number, iri in enumerate(everything, 1)}
    boxes = tuple(
        Box(
            name=names[iri],
            key=iri,
            type=node.type,
            caption=type_words(node.type) + (" · start" if iri in focus else ""),
            label=printable(node.label) or local_name(iri),
            note=f"{share(probabilities[iri])} likely" if iri in probabilities else "",
            focus=iri in focus,
            weight=probabilities.get(iri, 0.0),
        )
        for iri, node in everything.items()
    )
    lines = dict.fromkeys(_line(edge, names, guards, words) for edge in edges)
    return Sketch(
        printable(title),
        subtitle,
        boxes,
        tuple(lines),
        tuple(guards.values()),
        types_of(boxes),
        collapsed=False,
    )


def types_of(boxes: Iterable[Box]) -> tuple[str, ...]:
    """Return the distinct types of the boxes, in order of first appearance."""
    return tuple(dict.fromkeys(box.type for box in boxes))


def _line(
    edge: AnyEdge, names: Mapping[str, str], guards: Mapping[str, Guard], words: Mapping[str, str] | None
) -> Line:
    said = printable(property_words(edge.property, words))
    source, target = names[edge.source], names[edge.target]
    if not isinstance(edge, ImpactEdge):
        return Line(source, target, said)
    codes = tuple(
        guards[iri].code + ("" if guards[iri].verified else "!") for iri in edge.controls if iri in guards
    )
    if unnamed := sum(iri not in guards for iri in edge.controls):
        codes += (f"+{unnamed}",)
    return Line(source, target, said, basis_words(edge.transmission, edge.basis), edge.basis, codes)
