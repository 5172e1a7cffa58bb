"""Findings: what the evaluator found, said in the words of the shapes and the names of the nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import BNode, Literal, URIRef

from aimsgraph.model.finding import Finding
from aimsgraph.validate.labels import names_of
from aimsgraph.validate.shapes import SEVERITIES
from aimsgraph.validate.wording import compact_or_text, filled, label_of, path_text, unsaid
from aimsgraph.vocab import compact, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

    from aimsgraph.validate.shacl import Result
    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shape, Shapes

RANK: Final = {"violation": 0, "warning": 1, "info": 2}


def findings_of(source: Source, shapes: Shapes, results: Iterable[Result]) -> tuple[Finding, ...]:
    """Return the results as findings, each once, worst first.

    The order is by severity, area, shape, focus, path and value, so that the same graph gives the same list.
    """
    found = list(results)
    names = names_of(source, {node for result in found for node in _named(result)})
    by_node = {check.node: check for check in shapes.checks}
    findings = {
        _finding(names, shapes, result, _check_around(shapes, by_node, result.shape)) for result in found
    }
    return tuple(sorted(findings, key=_place))


def _place(finding: Finding) -> tuple[int, str, str, str, str, str, str, str]:
    return (
        RANK[finding.severity], finding.area or "~", finding.shape, finding.focus,
        finding.path or "", finding.value or "", finding.component, finding.message,
    )  # fmt: skip


def _named(result: Result) -> list[Node]:
    terms = [result.focus, result.value, *result.bound.values()]
    return [term for term in terms if term is not None and not isinstance(term, Literal)]


def _check_around(shapes: Shapes, by_node: dict[Node, Shape], node: Node | None) -> Shape | None:
    """Return the check that a source shape belongs to: itself, or the nearest around it that is one."""
    seen: set[Node] = set()
    while node is not None and node not in by_node and node not in seen:
        seen.add(node)
        node = next(iter(sorted(shapes.graph.subjects(None, node), key=str)), None)
    return by_node.get(node) if node is not None else None


def _finding(names: Graph, shapes: Shapes, result: Result, check: Shape | None) -> Finding:
    path = None if result.path is None else path_text(shapes.graph, result.path)
    terms = dict(result.bound) | {"this": result.focus}
    terms |= {"value": result.value} if result.value is not None else {}
    terms |= {"path": Literal(path)} if path is not None else {}
    component = local_name(str(result.component))
    texts = sorted({str(text) for text in result.messages}) or [unsaid(component, path)]
    value = result.value
    return Finding(
        shape=str(result.shape)
        if isinstance(result.shape, URIRef)
        else (check.iri if check else str(result.shape)),
        focus=_name(result.focus),
        focus_label=label_of(names, result.focus),
        path=path,
        # SHACL repeats the focus node as the value of a check of the whole node; that says nothing new.
        value=_name(value) if value is not None and not (path is None and value == result.focus) else None,
        component=component,
        severity=SEVERITIES.get(result.severity, "violation"),
        message=" ".join(filled(text, names, terms) for text in texts),
        requirement=compact(check.requirement) if check and check.requirement else None,
        area=compact(check.area) if check and check.area else None,
        fix=filled(check.fix, names, terms) if check and check.fix else None,
    )


def _name(term: Node) -> str:
    return compact_or_text(term) if isinstance(term, BNode) else str(term)
