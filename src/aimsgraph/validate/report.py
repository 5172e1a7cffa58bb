"""Findings: what the evaluator found, said in the words of the shapes and the names of the nodes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from rdflib import Literal, URIRef

from aimsgraph.model.finding import Finding
from aimsgraph.validate.labels import names_of
from aimsgraph.validate.shapes import SEVERITIES
from aimsgraph.validate.wording import filled, name_of, unsaid
from aimsgraph.vocab import compact, local_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from rdflib.term import Node

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
    telling = Telling(source, shapes, results)
    return [telling.finding(result) for result in results]


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings, each once, in the order of a report."""
    # Equal findings stand side by side once they are sorted, which is quicker than a set of them.
    alike = (group for _, group in groupby(sorted(findings, key=place_of), key=place_of))
    return tuple(finding for group in alike for finding in _once(group))


def _once(alike: Iterable[Finding]) -> list[Finding]:
    found: list[Finding] = []
    for finding in alike:
        if finding not in found:
            found.append(finding)
    return found


def place_of(finding: Finding) -> tuple[int, str, str, str, str, str, str, str]:
    """Return what findings are sorted by: severity, area, shape, focus, path, value, component and message."""
    return (
        RANK[finding.severity], finding.area or "~", finding.shape, finding.focus,
        finding.path or "", finding.value or "", finding.component, finding.message,
    )  # fmt: skip


def named_by(result: Result) -> list[Node]:
    """Return the nodes that a result may name in its words."""
    terms = [result.focus, result.value, *result.bound.values()]
    return [term for term in terms if term is not None and not isinstance(term, Literal)]


class Telling:
    """Says results in the words of their shapes and by the names of the nodes, which are asked for all at once."""

    def __init__(self, source: Source, shapes: Shapes, results: Collection[Result]) -> None:
        self._shapes = shapes
        self._label = names_of(source, {node for result in results for node in named_by(result)}).label
        by_node = {check.node: check for check in shapes.checks}
        self._around = {node: _check_around(shapes, by_node, node) for node in {one.shape for one in results}}
        self._common: dict[tuple[Node, Node | None, Node, Node], dict[str, Any]] = {}

    def check(self, result: Result) -> Shape | None:
        """Return the check that a result belongs to: its shape, or the nearest around it that is one."""
        return self._around[result.shape]

    def finding(self, result: Result) -> Finding:
        """Return the finding of a result."""
        common = self._in_common(result)
        value = result.value
        # SHACL repeats the focus node as the value of a check of the whole node; that says nothing new.
        said = value is not None and not (common["path"] is None and value == result.focus)
        return Finding(
            **common,
            focus=name_of(result.focus),
            focus_label=self._label(result.focus),
            value=name_of(value) if said and value is not None else None,
            message=" ".join(dict.fromkeys(text for text, _ in self._said(result))),
            fix=self.fix(result),
        )

    def _in_common(self, result: Result) -> dict[str, Any]:
        """Return what is the same for all findings of a shape, path, component and severity."""
        key = result.shape, result.path, result.component, result.severity
        if key not in self._common:
            check = self.check(result)
            named = isinstance(result.shape, URIRef) or check is None
            self._common[key] = {
                "shape": str(result.shape) if named or check is None else check.iri,
                "path": None if result.path is None else self._shapes.path_text(result.path),
                "component": local_name(str(result.component)),
                "severity": SEVERITIES.get(result.severity, "violation"),
                "requirement": compact(check.requirement) if check and check.requirement else None,
                "area": compact(check.area) if check and check.area else None,
            }
        return self._common[key]

    def messages(self, result: Result) -> tuple[Literal, ...]:
        """Return the messages of a result with their blanks filled, in the languages that they are written in."""
        return tuple(Literal(text, lang=language) for text, language in self._said(result))

    def fix(self, result: Result) -> str | None:
        """Return how to mend a result, by the check that found it, with the blanks filled."""
        check = self.check(result)
        return filled(check.fix, self._label, self._terms(result)) if check and check.fix else None

    def _said(self, result: Result) -> list[tuple[str, str | None]]:
        terms = self._terms(result)
        texts = [(str(text), _language(text)) for text in dict.fromkeys(result.messages)]
        if not texts:
            common = self._in_common(result)
            texts = [(unsaid(common["component"], common["path"]), None)]
        texts.sort(key=lambda text: (text[0], text[1] or ""))
        return [(filled(text, self._label, terms), language) for text, language in texts]

    def _terms(self, result: Result) -> dict[str, Node]:
        """Return what fills the blanks of the messages about a result."""
        terms = dict(result.bound) | {"this": result.focus}
        if result.value is not None:
            terms["value"] = result.value
        if result.path is not None:
            terms["path"] = self._shapes.path_literal(result.path)
        return terms


def _check_around(shapes: Shapes, by_node: dict[Node, Shape], node: Node | None) -> Shape | None:
    seen: set[Node] = set()
    while node is not None and node not in by_node and node not in seen:
        seen.add(node)
        node = next(iter(sorted(shapes.graph.subjects(None, node), key=str)), None)
    return by_node.get(node) if node is not None else None


def _language(text: Node) -> str | None:
    return text.language if isinstance(text, Literal) else None
