"""What a server is tried with for writing, in graphs of the check's own that are removed again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from aimsgraph.store.literal_probe import literals
from aimsgraph.store.probe import Refused

if TYPE_CHECKING:
    from aimsgraph.model.capabilities import Outcome
    from aimsgraph.store.probe import Tried, Try

_S: Final = "urn:aimsgraph:s"
_P: Final = "urn:aimsgraph:p"
_WRITERS: Final = 8
_INCREMENTS: Final = 40
#: Triples of the updates that are tried, until one is refused.
_SIZES: Final = (1_000, 5_000, 20_000, 100_000)
GRAPHS: Final = (
    "update",
    "atomic",
    "guard",
    "count",
    "store",
    "circle",
    "other",
    "literals",
    "blank",
    "large",
)


def _update(tried: Tried) -> tuple[Outcome, str]:
    graph = tried.graph("update")
    tried.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <{_S}> <{_P}> 1 }} }}")
    if tried.count(graph) != 1:
        raise Refused("what was written is not there")
    return "yes", ""


def _apart(tried: Tried) -> tuple[Outcome, str]:
    if tried.count(tried.graph("update")) != 1:
        return "not asked", "nothing could be written"
    if tried.holds(f"<{_S}> <{_P}> 1"):
        return (
            "worked around",
            "it is the union of all named graphs: those of sources are named in each query",
        )
    return "yes", ""


def _atomic(tried: Tried) -> tuple[Outcome, str]:
    graph = tried.graph("atomic")
    tried.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <{_S}> <{_P}> 0 }} }}")
    # None of these can be done, so the insertion before it must not be done either.
    for number, impossible in enumerate(
        (f"CREATE GRAPH <{graph}>", f"CLEAR GRAPH <{graph}/none>", "LOAD <urn:aimsgraph:none>"), start=1
    ):
        try:
            tried.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <{_S}> <{_P}> {number} }} }} ; {impossible}")
        except Refused:
            if tried.holds(f"GRAPH <{graph}> {{ <{_S}> <{_P}> {number} }}"):
                raise Refused(
                    "an update that failed in its second operation left its first one done"
                ) from None
            return "yes", ""
    return "not asked", "no update could be found that fails"


def _guarded(tried: Tried) -> tuple[Outcome, str]:
    graph = tried.graph("guard")
    tried.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <{_S}> <{_P}> 1 }} }}")
    for old, new in ((1, 2), (1, 3)):
        tried.update(
            f"DELETE {{ GRAPH <{graph}> {{ <{_S}> <{_P}> {old} }} }} "
            f"INSERT {{ GRAPH <{graph}> {{ <{_S}> <{_P}> {new} }} }} "
            f"WHERE {{ GRAPH <{graph}> {{ <{_S}> <{_P}> {old} }} }}"
        )
    if [str(row["o"]) for row in tried.rows(f"SELECT ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")] != [
        "2"
    ]:
        raise Refused(
            "an update whose condition does not hold changes something, or one whose condition holds does not"
        )
    return "yes", ""


def _serialised(tried: Tried) -> tuple[Outcome, str]:
    graph = tried.graph("count")
    tried.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <{_S}> <{_P}> 0 }} }}")
    text = (
        f"DELETE {{ GRAPH <{graph}> {{ <{_S}> <{_P}> ?n }} }} INSERT {{ GRAPH <{graph}> {{ <{_S}> <{_P}> ?m }} }} "
        f"WHERE {{ GRAPH <{graph}> {{ <{_S}> <{_P}> ?n }} BIND(?n + 1 AS ?m) }}"
    )

    def increments(_: int) -> int:
        done = 0
        with tried.endpoint.session() as session:
            for _ in range(_INCREMENTS):
                try:
                    tried.update(text, session)
                except Refused:  # told that it was not done: nothing is lost
                    continue
                done += 1
        return done

    with ThreadPoolExecutor(_WRITERS) as pool:
        acknowledged = sum(pool.map(increments, range(_WRITERS)))
    found = [str(row["o"]) for row in tried.rows(f"SELECT ?o WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")]
    if found != [str(acknowledged)]:
        raise Refused(
            f"of {acknowledged} increments by {_WRITERS} at once it shows {' and '.join(sorted(found))}"
        )
    return "yes", f"all of {acknowledged} increments by {_WRITERS} at once"


def _graph_store(tried: Tried) -> tuple[Outcome, str]:
    if tried.endpoint.graphs is None:
        raise Refused("no address for graphs is known: name it in a server file (graph_store)")
    graph, form = tried.graph("store"), {"Content-Type": "application/n-triples"}
    for objects in ((1, 2), (3,)):
        text = "".join(f'<{_S}> <{_P}> "{value}" .\n' for value in objects)
        tried.sent("PUT", tried.endpoint.graphs, params={"graph": graph}, data=text, headers=form)
        if tried.count(graph) != len(objects):
            raise Refused("a graph that was put in the place of another is not what it holds")
    text = tried.sent(
        "GET", tried.endpoint.graphs, params={"graph": graph}, headers={"Accept": "application/n-triples"}
    ).text
    if '"3"' not in text:
        raise Refused("it does not give back the graph that it holds")
    tried.sent("DELETE", tried.endpoint.graphs, params={"graph": graph})
    if tried.count(graph) != 0:
        raise Refused("a graph that was deleted is still there")
    return "yes", ""


def _circle(tried: Tried) -> tuple[Outcome, str]:
    graph = tried.graph("circle")
    tried.update(
        f"INSERT DATA {{ GRAPH <{graph}> {{ <{_S}> <{_P}> <urn:b> . <urn:b> <{_P}> <urn:c> . "
        f"<urn:c> <{_P}> <{_S}> }} }}"
    )
    rows = {}
    for sign in "+*":
        query = f"SELECT DISTINCT ?o WHERE {{ GRAPH <{graph}> {{ <{_S}> <{_P}>{sign} ?o }} }}"
        rows[sign] = {str(row["o"]) for row in tried.rows(query)}
    missing = [f"the start of {sign}" for sign, found in rows.items() if found == {"urn:b", "urn:c"}]
    if missing:
        raise Refused(f"on a circle it leaves out {' and '.join(missing)}")
    if any(found != {_S, "urn:b", "urn:c"} for found in rows.values()):
        raise Refused("on a circle it finds other nodes than are there")
    return "yes", ""


def _one_graph(tried: Tried) -> tuple[Outcome, str]:
    other = tried.graph("other")
    tried.update(f"INSERT DATA {{ GRAPH <{other}> {{ <urn:c> <{_P}> <urn:d> }} }}")
    rows = tried.rows(f"SELECT DISTINCT ?o WHERE {{ GRAPH ?g {{ <{_S}> <{_P}>+ ?o }} }}")
    if "urn:d" in {str(row["o"]) for row in rows}:
        raise Refused("a path within GRAPH goes on in another graph")
    return "yes", ""


def _blank(tried: Tried) -> tuple[Outcome, str]:
    graph = tried.graph("blank")
    tried.update(f"INSERT DATA {{ GRAPH <{graph}> {{ _:a <{_P}> _:b . _:b <{_P}> 1 }} }}")
    if not tried.holds(f"GRAPH <{graph}> {{ ?a <{_P}> ?b . ?b <{_P}> 1 FILTER(ISBLANK(?a)) }}"):
        raise Refused("a blank node does not stay one")
    return "yes", ""


def _large(tried: Tried) -> tuple[Outcome, str]:
    graph = tried.graph("large")
    for size in _SIZES:
        data = "".join(f"<{_S}> <{_P}> {number} .\n" for number in range(size))
        try:
            tried.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{data}}} }}")
        except Refused as refusal:
            if tried.largest is None:
                raise
            return "worked around", f"{tried.largest:,} triples; {size:,} are refused: {refusal}"
        if tried.count(graph) != size:
            raise Refused(f"of {size:,} triples {tried.count(graph):,} are there")
        tried.largest = size
    return "yes", f"{_SIZES[-1]:,} triples and more"


def removed(tried: Tried) -> tuple[Outcome, str]:
    """Remove the graphs of a check, and make sure that they are gone."""
    left: list[str] = []
    for name in GRAPHS:
        graph = tried.graph(name)
        tried.update(f"CLEAR SILENT GRAPH <{graph}>")
        tried.update(f"DROP SILENT GRAPH <{graph}>")
        if tried.count(graph):
            left.append(graph)
    if left:
        raise Refused(f"these graphs of the check are left, remove them: {', '.join(left)}")
    return "yes", f"the graphs of the check are gone ({tried.graph('…')})"


WRITING: Final[dict[str, Try]] = {
    "update": _update,
    "default-graph-apart": _apart,
    "atomic-update": _atomic,
    "guarded-update": _guarded,
    "serialised-updates": _serialised,
    "graph-store": _graph_store,
    "circular-paths": _circle,
    "paths-in-one-graph": _one_graph,
    "exact-literals": literals,
    "blank-nodes": _blank,
    "large-updates": _large,
    "removed": removed,
}
