"""Diagrams as Cytoscape JSON: the elements, style and layout of Cytoscape.js, which Cytoscape itself opens too.

Source: https://js.cytoscape.org/#notation/elements-json and https://js.cytoscape.org/#style
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.render.style import FONT, LIGHT, class_of, style_of

if TYPE_CHECKING:
    from aimsgraph.render.exchange import Arc, Elements, Vertex

# Nearest to the shape that Graphviz draws.
_SHAPES: Final = {
    "cylinder": "barrel",
    "hexagon": "hexagon",
    "box3d": "cut-rectangle",
    "component": "rectangle",
    "ellipse": "ellipse",
    "egg": "ellipse",
    "octagon": "octagon",
    "parallelogram": "rhomboid",
    "house": "pentagon",
    "septagon": "heptagon",
    "note": "cut-rectangle",
    "folder": "bottom-round-rectangle",
    "tab": "bottom-round-rectangle",
    "trapezium": "concave-hexagon",
    "invtrapezium": "concave-hexagon",
}


def to_cytoscape(elements: Elements) -> str:
    """Return the document: what was asked and the controls as ``data``, then elements, style and layout.

    A node's id is its IRI. The whole object may be handed to ``cytoscape({container, ...it})``.
    """
    identifiers = {node.name: str(node.values["id"]) for node in elements.nodes}
    types = dict.fromkeys(str(node.values["type"]) for node in elements.nodes)
    document = {
        "format_version": "1.0",
        "generated_by": "aimsgraph",
        "target_cytoscapejs_version": "~3",
        "data": {**elements.facts, "name": elements.facts["title"], "controls": list(elements.controls)},
        "elements": {
            "nodes": [_node(node) for node in elements.nodes],
            "edges": [_edge(edge, identifiers) for edge in elements.edges],
        },
        "style": [*_common(), *(_of_type(curie) for curie in types)],
        "layout": {"name": "breadthfirst", "directed": True},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _node(node: Vertex) -> dict[str, Any]:
    classes = class_of(str(node.values["type"])) + (" start" if node.values["start"] else "")
    return {"data": {**node.values, "name": node.values["label"]}, "classes": classes}


def _edge(edge: Arc, identifiers: dict[str, str]) -> dict[str, Any]:
    ends = {"id": edge.name, "source": identifiers[edge.source], "target": identifiers[edge.target]}
    signs = [f"basis-{edge.values['basis']}"] if "basis" in edge.values else []
    signs += ["guarded"] if "controls" in edge.values else []
    return {"data": {**ends, **edge.values}, "classes": " ".join(signs)}


def _common() -> list[dict[str, Any]]:
    rules: dict[str, dict[str, Any]] = {
        "node": {
            "label": "data(label)",
            "font-family": FONT,
            "font-size": 12,
            "color": LIGHT.text,
            "text-valign": "center",
            "text-wrap": "wrap",
            "text-max-width": "120px",
            "width": 150,
            "height": 56,
            "border-width": 1,
        },
        "edge": {
            "label": "data(label)",
            "font-family": FONT,
            "font-size": 9,
            "color": LIGHT.muted,
            "text-background-color": LIGHT.ground,
            "text-background-opacity": 0.8,
            "curve-style": "bezier",
            "target-arrow-shape": "triangle",
            "line-color": LIGHT.line,
            "target-arrow-color": LIGHT.line,
            "width": 1,
        },
        "edge.basis-default": {"line-style": "dashed"},
        "edge.basis-unknown": {"line-style": "dotted"},
        "edge.guarded": {"width": 2, "source-arrow-shape": "tee", "source-arrow-color": LIGHT.line},
        "node.start": {"border-width": 4, "border-style": "double"},
    }
    return [{"selector": selector, "style": style} for selector, style in rules.items()]


def _of_type(curie: str) -> dict[str, Any]:
    style = style_of(curie)
    return {
        "selector": f"node.{class_of(curie)}",
        "style": {
            "shape": _SHAPES.get(style.shape, "round-rectangle"),
            "background-color": style.hue.fill,
            "border-color": style.hue.outline,
        },
    }
