"""The test suite for SHACL that the W3C published: its cases, and results in a form that can be compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, SH, XSD

from aimsgraph.validate.wording import path_text
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from aimsgraph.validate.shacl import Result

    Term = Node | None

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SUITE = Path("w3c-shacl-tests") / "data-shapes-test-suite" / "tests"
#: Focus, path, value, component, severity.
Key = tuple[str, str | None, str | None, str, str]


@dataclass(frozen=True)
class Case:
    """One case: data, shapes, and the expected results, or None where the shapes must be refused."""

    data: Graph
    shapes: Graph
    expected: Counter[Key] | None


def cases(path: Path) -> list[Case]:
    """Read the cases in a file of the suite."""
    whole = _graph(path)
    found = []
    for test in whole.subjects(RDF.type, SHT.Validate):
        action, report = whole.value(test, MF.action), whole.value(test, MF.result)
        graphs = [
            whole if (named := _path(whole.value(action, part))) == path else _graph(named)
            for part in (SHT.dataGraph, SHT.shapesGraph)
        ]
        found.append(Case(graphs[0], graphs[1], None if report == SHT.Failure else reported(whole, report)))
    return found


def keys(shapes: Graph, results: Iterable[Result]) -> Counter[Key]:
    """Return results in a form that can be compared."""
    return Counter(key(shapes, r.focus, r.path, r.value, r.component, r.severity) for r in results)


def key(
    graph: Graph,
    focus: Node | None,
    path: Node | None,
    value: Node | None,
    component: Node | None,
    severity: Node | None,
) -> Key:
    return (
        _text(focus) or "",
        None if path is None else path_text(graph, path),
        _text(value),
        local_name(str(component)),
        local_name(str(severity)),
    )


def _text(term: Node | None) -> str | None:
    """Write a term so that equal values look alike: the store keeps decimals by value."""
    if term is None or not isinstance(term, (URIRef, BNode, Literal)):
        return None
    if isinstance(term, Literal) and term.datatype == XSD.decimal and term.value is not None:
        return f"decimal {term.value.normalize():f}"
    return term.n3().lower() if isinstance(term, Literal) and term.language else term.n3()


def reported(graph: Graph, report: Node | None) -> Counter[Key]:
    """Return the results that a report lists, in a form that can be compared."""
    return Counter(
        key(graph, *(graph.value(one, said) for said in (
            SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent, SH.resultSeverity,
        )))
        for one in graph.objects(report, SH.result)
    )  # fmt: skip


def _path(named: Node | None) -> Path:
    return Path(str(named).removeprefix("file://"))


def _graph(path: Path) -> Graph:
    return Graph(bind_namespaces="none").parse(path, format="turtle", publicID=path.as_uri())
