"""Diagrams as GraphML, which networkx, yEd, Gephi, igraph and others read.

Source: the GraphML specification, http://graphml.graphdrawing.org/specification.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aimsgraph.render.exchange import Elements, Field

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">"""
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
    keys = {
        "graph": _keys("graph", [facts]),
        "node": _keys("node", [node.values for node in elements.nodes]),
        "edge": _keys("edge", [edge.values for edge in elements.edges]),
    }
    # Only texts come from elsewhere: every other name in the document is ours, and short. So it is written as it comes,
    # which a tree of a hundred thousand nodes would take several times as long for.
    lines = [_HEAD]
    lines += [
        f'  <key id="{key}" for="{domain}" attr.name="{name}" attr.type="{_TYPES.get(name, "string")}" />'
        for domain, known in keys.items()
        for name, key in known.items()
    ]
    lines += ['  <graph id="aimsgraph" edgedefault="directed">', *_data(facts, keys["graph"], "    ")]
    for node in elements.nodes:
        lines += [f'    <node id="{node.name}">', *_data(node.values, keys["node"], "      "), "    </node>"]
    for edge in elements.edges:
        lines.append(f'    <edge id="{edge.name}" source="{edge.source}" target="{edge.target}">')
        lines += [*_data(edge.values, keys["edge"], "      "), "    </edge>"]
    return "\n".join([*lines, "  </graph>", "</graphml>", ""])


def _keys(domain: str, records: list[Mapping[str, Field]]) -> dict[str, str]:
    """Return the keys of the attributes that these records have, in the order in which they are declared."""
    names = list(dict.fromkeys(name for record in records for name in record))
    order = {name: place for place, name in enumerate(_TYPES)}
    return {name: f"{domain}-{name}" for name in sorted(names, key=lambda name: order.get(name, -1))}


def _data(values: Mapping[str, Field], keys: Mapping[str, str], indent: str) -> list[str]:
    return [
        f'{indent}<data key="{key}">{escape(_text(values[name]))}</data>'
        for name, key in keys.items()
        if name in values
    ]


def _text(value: Field) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join(value)
    return repr(value) if isinstance(value, float) else str(value)
