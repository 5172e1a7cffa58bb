"""Findings: what the evaluator found, said in the words of the shapes and the names of the nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef

from aimsgraph.model.finding import Finding
from aimsgraph.validate.labels import names_of
from aimsgraph.validate.shapes import SEVERITIES
from aimsgraph.validate.wording import filled, name_of, unsaid
from aimsgraph.vocab import compact, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdflib.term import Node

    from aimsgraph.validate.labels import Names
    from aimsgraph.validate.shacl import Result
    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shape, Shapes

RANK: Final = {"violation": 0, "warning": 1, "info": 2}


def findings_of(source: Source, shapes: Shapes, results: Iterable[Result]) -> tuple[Finding, ...]:
    """Return the results as findings, each once, worst first.

    The order is by severity, area, shape, focus, path and value, so that the same graph gives the same list.
    """
    return ordered(in_words(source, shapes, list(results)))


def in_words(source: Source, shapes: Shapes, results: Sequence[Result]) -> list[Finding]:
    """Return the finding of each result, in the same order."""
    names = names_of(source, {node for result in results for node in named_by(result)})
    around = checks_around(shapes, {result.shape for result in results})
    return [finding_of(names, shapes, result, around[result.shape]) for result in results]


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings, each once, in the order of a report."""
    return tuple(sorted(set(findings), key=_place))


def _place(finding: Finding) -> tuple[int, str, str, str, str, str, str, str]:
    return (
        RANK[finding.severity], finding.area or "~", finding.shape, finding.focus,
        finding.path or "", finding.value or "", finding.component, finding.message,
    )  # fmt: skip


def named_by(result: Result) -> list[Node]:
    """Return the nodes that a result may name in its words."""
    terms = [result.focus, result.value, *result.bound.values()]
    return [term for term in terms if term is not None and not isinstance(term, Literal)]


def checks_around(shapes: Shapes, nodes: Iterable[Node]) -> dict[Node, Shape | None]:
    """Return for each source shape the check that it belongs to: itself, or the nearest around it that is one."""
    by_node = {check.node: check for check in shapes.checks}
    return {node: _check_around(shapes, by_node, node) for node in nodes}


def _check_around(shapes: Shapes, by_node: dict[Node, Shape], node: Node | None) -> Shape | None:
    seen: set[Node] = set()
    while node is not None and node not in by_node and node not in seen:
        seen.add(node)
        node = next(iter(sorted(shapes.graph.subjects(None, node), key=str)), None)
    return by_node.get(node) if node is not None else None


def finding_of(names: Names, shapes: Shapes, result: Result, check: Shape | None) -> Finding:
    """Return the finding of a result, by the check that found it."""
    path = None if result.path is None else shapes.path_text(result.path)
    value = result.value
    return Finding(
        shape=str(result.shape)
        if isinstance(result.shape, URIRef)
        else (check.iri if check else str(result.shape)),
        focus=name_of(result.focus),
        focus_label=names.label(result.focus),
        path=path,
        # SHACL repeats the focus node as the value of a check of the whole node; that says nothing new.
        value=name_of(value) if value is not None and not (path is None and value == result.focus) else None,
        component=local_name(str(result.component)),
        severity=SEVERITIES.get(result.severity, "violation"),
        message=" ".join(dict.fromkeys(map(str, messages_of(names, shapes, result)))),
        requirement=compact(check.requirement) if check and check.requirement else None,
        area=compact(check.area) if check and check.area else None,
        fix=fix_of(names, shapes, result, check),
    )


def messages_of(names: Names, shapes: Shapes, result: Result) -> tuple[Literal, ...]:
    """Return the messages of a result with their blanks filled, in the languages that they are written in."""
    terms = _terms(shapes, result)
    path = terms.get("path")
    unnamed = Literal(unsaid(local_name(str(result.component)), None if path is None else str(path)))
    texts = sorted(set(result.messages), key=lambda text: (str(text), _language(text) or "")) or [unnamed]
    return tuple(Literal(filled(str(text), names.label, terms), lang=_language(text)) for text in texts)


def fix_of(names: Names, shapes: Shapes, result: Result, check: Shape | None) -> str | None:
    """Return how to mend a result, by the check that found it, with the blanks filled."""
    return filled(check.fix, names.label, _terms(shapes, result)) if check and check.fix else None


def _terms(shapes: Shapes, result: Result) -> dict[str, Node]:
    """Return what fills the blanks of the messages about a result."""
    terms = dict(result.bound) | {"this": result.focus}
    if result.value is not None:
        terms["value"] = result.value
    if result.path is not None:
        terms["path"] = Literal(shapes.path_text(result.path))
    return terms


def _language(text: Node) -> str | None:
    return text.language if isinstance(text, Literal) else None
