"""What belongs to a system: its parts, and the risks, controls, evidence and records about them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from rdflib import URIRef
from rdflib.namespace import RDFS

from aimsgraph.validate.wording import name_of
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from aimsgraph.validate.shacl.context import Source

_ALONG: Final = f"""
SELECT DISTINCT ?property ?end WHERE {{
    ?above <{AIMS}belongsAlong> ?end . ?property <{RDFS.subPropertyOf}>* ?above
}}"""
_SUBJECT: Final = URIRef(AIMS + "SubjectBelongs")


class Belonging:
    """The links along which nodes belong to others, as the ontology says of properties (``aims:belongsAlong``)."""

    def __init__(self, source: Source) -> None:
        self._parts: dict[Node, list[Node]] = defaultdict(list)
        for row in source.select(_ALONG):
            for link in source.select(
                f"SELECT ?s ?o WHERE {{ ?s <{row['property']}> ?o FILTER (!ISLITERAL(?o)) }}"
            ):
                whole, part = (link["o"], link["s"]) if row["end"] == _SUBJECT else (link["s"], link["o"])
                self._parts[whole].append(part)

    def of(self, systems: Iterable[Node]) -> frozenset[str]:
        """Return the names of the systems and of all that belongs to them (blank nodes as ``_:name``)."""
        reached: set[Node] = set()
        waiting = list(systems)
        while waiting:
            node = waiting.pop()
            if node not in reached:
                reached.add(node)
                waiting.extend(self._parts.get(node, ()))
        return frozenset(name_of(node) for node in reached)
