"""What a dataset holds, counted: triples, entities, classes, properties, and the triples of each named graph."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from aimsgraph import query
from aimsgraph.store import UNVERSIONED

if TYPE_CHECKING:
    from aimsgraph.model.access import Principal
    from aimsgraph.store import View

_COUNTS: Final = {
    "entities": "COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "objects": "COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    "properties": "COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "classes": "COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
}
#: States of which the counts are remembered.
_MOST: Final = 16


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts of the default graph, and of each named graph its triples."""

    triples: int
    entities: int
    objects: int
    properties: int
    classes: int
    graphs: dict[str, int]


class Counted:
    """Counts a state once for each part of it that somebody may see: it takes seconds where there is much."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, frozenset[str] | None, bool], Statistics] = OrderedDict()
        self._lock = Lock()

    def of(self, view: View, asking: Principal) -> Statistics:
        """Return the counts of what whoever asks sees of a state; one request counts, others wait."""
        reserved = asking.may("history")
        key = (view.snapshot, asking.graphs, reserved)
        with self._lock:
            found = self._known.get(key)
            if found is None:
                found = counted(view, reserved=reserved)
                if view.snapshot != UNVERSIONED:
                    self._known[key] = found
                    while len(self._known) > _MOST:
                        self._known.popitem(last=False)
            return found


def counted(view: View, *, reserved: bool) -> Statistics:
    """Count what a state holds, with or without the graphs that the store keeps for itself."""
    counts = {name: int(str(view.select(f"SELECT ({text}")[0]["n"])) for name, text in _COUNTS.items()}
    graphs = {
        graph: int(str(view.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")[0]["n"]))
        for graph in query.nameable(view, reserved=reserved)
    }
    return Statistics(triples=view.count(), graphs=graphs, **counts)
