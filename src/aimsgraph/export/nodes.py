"""The nodes with their names, areas, sources, gates and leaks, some thousand at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.export.block import Block
from aimsgraph.store import describe
from aimsgraph.store.nodes import LABELS
from aimsgraph.store.portion import MOST_NAMED, iris, named, portions
from aimsgraph.trace.annotations import read_annotations
from aimsgraph.trace.dependency import read_gates, read_leaks
from aimsgraph.trace.statements import read_statements
from aimsgraph.vocab import AIMS, GENID, HISTORY_GRAPH, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.store.protocol import View

    Node = tuple[str, str, list[str], str, list[str], list[str], str | None, int | None, float | None]

_TYPE = RDF + "type"
_AREA = AIMS + "inArea"


def node_rows(view: View, page: int | None = None) -> Iterator[Node]:
    """Yield the rows of the table of nodes: what has a class or a label, and the ends of all dependencies."""
    named_nodes = (str(row["s"]) for row in Block(view, "DISTINCT ?s", _pattern(view)).rows(page))
    for portion in portions(named_nodes, MOST_NAMED):
        yield from _described(view, portion)


def _pattern(view: View) -> str:
    known = read_annotations(view)
    branches = [
        f"{{ VALUES ?p {{ {iris([_TYPE, *LABELS])} }} ?s ?p ?x FILTER(!STRSTARTS(STR(?s), '{GENID}')) }}"
    ]
    if known.impact:
        properties = f"VALUES ?p {{ {iris(known.impact)} }}"
        branches += [f"{{ {properties} ?s ?p ?x FILTER(isIRI(?x)) }}", f"{{ {properties} ?x ?p ?s }}"]
    branches += [
        f"{{ ?s <{AIMS}qualifiedDependency> ?x . ?x <{AIMS}on> ?y FILTER(isIRI(?y)) }}",
        f"{{ ?y <{AIMS}qualifiedDependency> ?x . ?x <{AIMS}on> ?s }}",
    ]
    return f"{' UNION '.join(branches)} FILTER(isIRI(?s))"


def _described(view: View, nodes: list[str]) -> Iterator[Node]:
    known = describe(view, nodes)
    stated = read_statements(view, nodes, [_TYPE, _AREA])
    graphs = _graphs(view, nodes)
    gates: dict[str, int | None] = {}
    leaks: dict[str, float] = {}
    for values in named("node", nodes):
        gates |= read_gates(view, values)
        leaks |= read_leaks(view, values)
    for iri in nodes:
        gate = None if iri not in gates else "all" if gates[iri] is None else "at-least"
        yield (
            iri,
            known[iri].type,
            stated[iri].nodes(_TYPE),
            known[iri].label,
            stated[iri].nodes(_AREA),
            sorted(graphs.get(iri, ())),
            gate,
            gates.get(iri),
            leaks.get(iri),
        )


def _graphs(view: View, nodes: list[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for values in named("s", nodes):
        for row in view.rows(f"SELECT DISTINCT ?s ?g WHERE {{ {values} GRAPH ?g {{ ?s ?p ?o }} }}"):
            graph = str(row["g"])
            if not graph.startswith(HISTORY_GRAPH):
                found.setdefault(str(row["s"]), set()).add(graph)
    return found
