"""Runs pySHACL over a graph and turns its report into findings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyshacl
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError, ValidationFailure
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import SH

from aimsgraph.errors import SyntaxProblemError
from aimsgraph.model.finding import Finding
from aimsgraph.validate.shapes import SEVERITIES
from aimsgraph.validate.wording import BLANK, compact_or_text, filled, label_of, path_text, worded
from aimsgraph.vocab import compact, local_name

if TYPE_CHECKING:
    from rdflib.term import Node

    from aimsgraph.validate.shapes import Shape, Shapes

RANK = {"violation": 0, "warning": 1, "info": 2}
# Private-use characters: they fence a term inside a message, to be replaced by its label.
_OPEN, _CLOSE = "\ue000", "\ue001"
_FENCED = re.compile(f"{_OPEN}(.*?){_CLOSE}", re.DOTALL)


def findings_of(graph: Graph, shapes: Shapes) -> tuple[Finding, ...]:
    """Check ``graph`` (data, ontology and evaluation node in one) and return the findings, worst first.

    The order is by severity, area, shape, focus, path and value, so that the same graph gives the same list.

    :raises SyntaxProblemError: when a shape cannot be run.
    """
    report = _run(graph, shapes)
    by_node = {check.node: check for check in shapes.checks}
    found = {
        _finding(graph, report, result, _check_around(shapes, by_node, report.value(result, SH.sourceShape)))
        for result in report.objects(None, SH.result)
    }
    return tuple(sorted(found, key=_place))


def _place(finding: Finding) -> tuple[int, str, str, str, str, str, str, str]:
    return (
        RANK[finding.severity], finding.area or "~", finding.shape, finding.focus,
        finding.path or "", finding.value or "", finding.component, finding.message,
    )  # fmt: skip


def _run(graph: Graph, shapes: Shapes) -> Graph:
    # pySHACL adds triples of its own to the shapes graph; the next run must not see them.
    own = Graph(bind_namespaces="none")
    own += shapes.graph
    try:
        _, report, _ = pyshacl.validate(graph, shacl_graph=own, inference="none", advanced=False)
    except (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError) as error:
        raise SyntaxProblemError(
            f"A shape cannot be run: {error}.", hint="Mend the shape file that you added."
        ) from error
    if isinstance(report, ValidationFailure):
        raise SyntaxProblemError(
            f"A shape cannot be run: {report.message}", hint="Mend the shape file that you added."
        )
    if not isinstance(report, Graph):
        raise AssertionError("pySHACL gave no report graph")
    return report


def _fenced(self: ConstraintComponent, message: str, bound: Any) -> str:  # noqa: ARG001 - takes the place of a method
    """Put bound terms into a message, nodes fenced, for :func:`_worded` to name them by their labels."""
    if isinstance(bound, tuple):
        terms = dict(bound[3]) if len(bound) > 3 else {}
        terms |= {
            name: term
            for name, term in zip(("this", "path", "value"), bound, strict=False)
            if term is not None
        }
    else:
        terms = bound if isinstance(bound, dict) else {}

    def fill(match: re.Match[str]) -> str:
        term = terms.get(match[1])
        if term is None:
            return match[0]
        return str(term) if isinstance(term, Literal) else f"{_OPEN}{term.n3()}{_CLOSE}"

    return BLANK.sub(fill, message)


# pySHACL's own method hands the text of a term to re.sub as the pattern of a replacement: a backslash anywhere in a
# bound value ends the whole run there.
ConstraintComponent._format_sparql_based_result_message = _fenced  # type: ignore[method-assign]


def _worded(graph: Graph, message: str) -> str:
    def fill(match: re.Match[str]) -> str:
        name = match[1]
        return worded(graph, URIRef(name[1:-1]) if name.startswith("<") else BNode(name.removeprefix("_:")))

    return _FENCED.sub(fill, message)


def _check_around(shapes: Shapes, by_node: dict[Node, Shape], node: Node | None) -> Shape | None:
    """Return the check that a source shape belongs to: itself, or the nearest around it that is one."""
    seen: set[Node] = set()
    while node is not None and node not in by_node and node not in seen:
        seen.add(node)
        node = next(iter(sorted(shapes.graph.subjects(None, node), key=str)), None)
    return by_node.get(node) if node is not None else None


def _finding(graph: Graph, report: Graph, result: Node, check: Shape | None) -> Finding:
    focus = report.value(result, SH.focusNode)
    shape = report.value(result, SH.sourceShape)
    value = report.value(result, SH.value)
    path = report.value(result, SH.resultPath)
    component = report.value(result, SH.sourceConstraintComponent)
    severity = report.value(result, SH.resultSeverity)
    if focus is None or shape is None or component is None:
        raise AssertionError("pySHACL gave a result without focus node, shape or component")
    terms = {
        name: term for name, term in (("this", focus), ("value", value), ("path", path)) if term is not None
    }
    texts = sorted({str(text) for text in report.objects(result, SH.resultMessage)})
    message = " ".join(filled(_worded(graph, text), graph, terms) for text in texts)
    return Finding(
        shape=str(shape) if isinstance(shape, URIRef) else (check.iri if check else str(shape)),
        focus=_name(focus),
        focus_label=label_of(graph, focus),
        path=path_text(report, path) if path is not None else None,
        # SHACL repeats the focus node as the value of a check of the whole node; that says nothing new.
        value=_name(value) if value is not None and not (path is None and value == focus) else None,
        component=local_name(str(component)),
        severity=SEVERITIES.get(severity, "violation") if severity is not None else "violation",
        message=message,
        requirement=compact(check.requirement) if check and check.requirement else None,
        area=compact(check.area) if check and check.area else None,
        fix=filled(check.fix, graph, terms) if check and check.fix else None,
    )


def _name(term: Node) -> str:
    return compact_or_text(term) if isinstance(term, BNode) else str(term)
