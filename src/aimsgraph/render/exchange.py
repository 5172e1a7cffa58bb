"""The elements of a diagram for other programs: nodes and edges with typed values, and what was asked, when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aimsgraph.model.impact import ImpactEdge, ImpactNode
from aimsgraph.model.lineage import LineageNode
from aimsgraph.render.metrics import printable
from aimsgraph.render.sketch import guards_of, label_of
from aimsgraph.render.words import property_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimsgraph.model.node import NodeRef
    from aimsgraph.render.drawing import AnyEdge, Drawing, Fact
    from aimsgraph.render.sketch import Sketch

Field = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vertex:
    """A node: its name within the file, and its values; ``id`` (the IRI), ``label`` and ``type`` are always there."""

    name: str
    values: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Arc:
    """An edge in the direction of impact: its name and its ends' names within the file, and its values."""

    name: str
    source: str
    target: str
    values: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Elements:
    """Everything that the formats for programs carry; a value that nobody knows is absent."""

    facts: Mapping[str, Fact]
    nodes: tuple[Vertex, ...]
    edges: tuple[Arc, ...]
    controls: tuple[Mapping[str, str | float | bool], ...] = ()


def elements_of(given: Drawing) -> Elements:
    """Return every node and edge of a drawing, however many there are."""
    names = {iri: f"n{number}" for number, iri in enumerate(given.nodes, 1)}
    return Elements(
        facts=_facts(given.title, given.subtitle, given.facts),
        nodes=tuple(Vertex(names[iri], _of_node(node, given)) for iri, node in given.nodes.items()),
        edges=tuple(
            Arc(f"e{number}", names[edge.source], names[edge.target], _of_edge(edge, given.words))
            for number, edge in enumerate(given.edges, 1)
        ),
        controls=_controls(given),
    )


def shown_elements(drawn: Sketch, facts: Mapping[str, Fact]) -> Elements:
    """Return the boxes and arrows of a picture, each with the number of nodes or links that it stands for."""
    nodes = []
    for box in drawn.boxes:
        values: dict[str, Field] = {
            "id": printable(box.key) or "other",
            "label": box.label,
            "type": printable(box.type),
            "start": box.focus,
            "count": box.count,
        }
        if box.note:
            values["probability"] = box.weight
        nodes.append(Vertex(box.name, values))
    edges = tuple(
        Arc(
            f"e{number}",
            line.source,
            line.target,
            {"label": line.words, "property": printable(line.property), "count": line.count},
        )
        for number, line in enumerate(drawn.lines, 1)
    )
    return Elements(_facts(drawn.title, drawn.subtitle, facts), tuple(nodes), edges)


def _facts(title: str, subtitle: str, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {"title": printable(title), "filter": printable(subtitle), **facts}


def _of_node(node: NodeRef, given: Drawing) -> dict[str, Field]:
    values: dict[str, Field] = {
        "id": printable(node.id),
        "label": label_of(node.label, node.id),
        "type": printable(node.type),
        "start": node.id in given.focus,
    }
    if isinstance(node, LineageNode):
        values["hops"] = node.hops
    if node.id in given.probabilities:
        values["probability"] = given.probabilities[node.id]
    if isinstance(node, ImpactNode):
        values |= {"hops": node.min_hops, "claimed": node.claimed, "assured": node.assured}
        values["inherent"] = node.inherent
        if node.interval is not None:
            values["low"], values["high"] = node.interval
    if node.id in given.gates:
        values["needs"] = given.gates[node.id]
    return values


def _of_edge(edge: AnyEdge, words: Mapping[str, str] | None) -> dict[str, Field]:
    values: dict[str, Field] = {
        "label": printable(property_words(edge.property, words)),
        "property": printable(edge.property),
    }
    if isinstance(edge, ImpactEdge):
        if edge.transmission is not None:
            values["transmission"] = edge.transmission
        values["basis"] = edge.basis
        if edge.controls:
            values["controls"] = tuple(printable(iri) for iri in edge.controls)
    return values


def _controls(given: Drawing) -> tuple[dict[str, str | float | bool], ...]:
    guards = guards_of(given.controls)
    return tuple(
        {
            "id": printable(control.id),
            "code": guards[control.id].code,
            "label": label_of(control.label, control.id),
            "claimed": control.claimed_effectiveness,
            "assured": control.assured_effectiveness,
            "verified": control.verified,
            "reason": printable(control.reason),
        }
        for control in given.controls
    )
