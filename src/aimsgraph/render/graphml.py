"""Diagrams as GraphML, which networkx, yEd, Gephi, igraph and others read.

Source: the GraphML specification, http://graphml.graphdrawing.org/specification.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimsgraph.render.exchange import Elements, Field

_NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
# Attributes in the order in which they are declared; those not here are strings.
_TYPES: Final = {
    "start": "boolean",
    "hops": "int",
    "needs": "int",
    "count": "int",
    "probability": "double",
    "claimed": "double",
    "assured": "double",
    "inherent": "double",
    "low": "double",
    "high": "double",
    "transmission": "double",
    "complete": "boolean",
    "worlds": "int",
    "seed": "long",
}


def to_graphml(elements: Elements) -> str:
    """Return the document: declared keys, then the graph's own data, nodes and edges, always in that order.

    A node's ``id`` in the XML is a short name (the schema allows no IRI there); its IRI is the data called ``id``. The
    controls of an edge are IRIs with a space in between, those of the graph one JSON text.
    """
    facts: dict[str, Field] = dict(elements.facts)
    if elements.controls:
        facts["controls"] = json.dumps(elements.controls, ensure_ascii=False)
    root = ElementTree.Element(
        "graphml",
        {
            "xmlns": _NAMESPACE,
            "xmlns:xsi": _INSTANCE,
            "xsi:schemaLocation": f"{_NAMESPACE} {_NAMESPACE}/1.0/graphml.xsd",
        },
    )
    domains: dict[str, list[Mapping[str, Field]]] = {
        "graph": [facts],
        "node": [node.values for node in elements.nodes],
        "edge": [edge.values for edge in elements.edges],
    }
    keys = {domain: _declared(root, domain, records) for domain, records in domains.items()}
    graph = ElementTree.SubElement(root, "graph", {"id": "aimsgraph", "edgedefault": "directed"})
    _fill(graph, facts, keys["graph"])
    for node in elements.nodes:
        _fill(ElementTree.SubElement(graph, "node", {"id": node.name}), node.values, keys["node"])
    for edge in elements.edges:
        ends = {"id": edge.name, "source": edge.source, "target": edge.target}
        _fill(ElementTree.SubElement(graph, "edge", ends), edge.values, keys["edge"])
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _declared(root: ElementTree.Element, domain: str, records: list[Mapping[str, Field]]) -> dict[str, str]:
    """Declare the attributes that these records have; return their keys."""
    names = list(dict.fromkeys(name for record in records for name in record))
    order = {name: place for place, name in enumerate(_TYPES)}
    names.sort(key=lambda name: order.get(name, -1))
    keys = {}
    for name in names:
        keys[name] = f"{domain}-{name}"
        ElementTree.SubElement(
            root,
            "key",
            {
                "id": keys[name],
                "for": domain,
                "attr.name": name,
                "attr.type": _TYPES.get(name, "string"),
            },
        )
    return keys


def _fill(element: ElementTree.Element, values: Mapping[str, Field], keys: Mapping[str, str]) -> None:
    for name, key in keys.items():
        if name in values:
            ElementTree.SubElement(element, "data", {"key": key}).text = _text(values[name])


def _text(value: Field) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join(value)
    return repr(value) if isinstance(value, float) else str(value)
