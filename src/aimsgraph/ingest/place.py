"""Where a node and its properties stand in the text of a file: the line of the first statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.errors import AimsgraphError
from aimsgraph.ingest.source import encoded, read_source
from aimsgraph.statements import mentions
from aimsgraph.vocab import SOURCE_GRAPH, local_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

#: Formats that are read like Turtle.
_LIKE_TURTLE: Final = frozenset({"turtle", "trig", "ntriples", "nquads"})

#: A node and, for the place of a property of it, the property.
Wanted = tuple[str, str | None]


def places(path: Path, nodes: Collection[str]) -> dict[Wanted, int]:
    """Return the line of each of the nodes (IRIs) that a file speaks of, and of each property that it states of them.

    In JSON-LD and RDF/XML only the lines of nodes are found, by the text of the IRI or the end of it.

    :raises InputNotReadableError: the file is not there or cannot be read.
    """
    source = read_source(path)
    text = source.text.decode("utf-8")
    if source.format not in _LIKE_TURTLE:
        return _by_text(text, nodes)
    found: dict[Wanted, int] = {}
    line, counted = 1, 0
    try:
        for one in mentions(text, SOURCE_GRAPH + encoded(source.name)):
            if one.subject is not None and one.subject in nodes and one.role != "other":
                line, counted = line + text.count("\n", counted, one.start), one.start
                found.setdefault((one.subject, one.name if one.role == "property" else None), line)
    except AimsgraphError:  # a spelling that Turtle has and SPARQL has not: what was found so far is right
        pass
    return found


def _by_text(text: str, nodes: Collection[str]) -> dict[Wanted, int]:
    found: dict[Wanted, int] = {}
    for node in nodes:
        at = next((at for name in (node, local_name(node)) if (at := text.find(f'{name}"')) >= 0), -1)
        if at >= 0:
            found[node, None] = text.count("\n", 0, at) + 1
    return found
