"""A validation with what it was made from, for the forms of a report that need more than findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aimsgraph.model.finding import CheckedShape
from aimsgraph.validate.explanation import explanation
from aimsgraph.validate.mending import mendings_of
from aimsgraph.validate.report import RANK
from aimsgraph.validate.report_graph import report_graph
from aimsgraph.validate.wording import general
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph

    from aimsgraph.model.explanation import Explanation
    from aimsgraph.model.finding import Validation
    from aimsgraph.model.mending import Mendings
    from aimsgraph.validate.focus import Focus
    from aimsgraph.validate.shacl import Result
    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shapes


@dataclass(frozen=True, slots=True)
class Examination:
    """A validation, every shape that was checked, and the results as SHACL has them.

    Two are equal when they say the same; the results, shapes and source behind it don't matter.
    """

    validation: Validation
    checked: tuple[CheckedShape, ...]
    results: tuple[Result, ...] = field(compare=False, repr=False)
    shapes: Shapes = field(compare=False, repr=False)
    source: Source = field(compare=False, repr=False)

    def mendings(self) -> Mendings:
        """Return what to mend, ordered by what lifts completeness most for each owner."""
        return mendings_of(self.validation, self.checked, self.shapes, self.source)

    def explain(self, name: str) -> Explanation:
        """Explain the finding whose id begins with ``name``.

        :raises UsageError: no finding is named so, or several are.
        """
        return explanation(self, name)

    def report_graph(self) -> Graph:
        """Return the W3C's validation report; see :func:`~aimsgraph.validate.report_graph.report_graph`."""
        return report_graph(self.source, self.shapes, self.results, self.validation.waivers)


def checked_of(applicable: Iterable[Focus]) -> tuple[CheckedShape, ...]:
    """Return the shapes that were checked, each once, by IRI.

    The checks within a named shape that have no name themselves count as that shape, which is then as grave as the
    gravest of them and looks at as many nodes as the one with the most.
    """
    found: dict[str, CheckedShape] = {}
    for focus in applicable:
        check, known = focus.check, found.get(focus.check.iri)
        own = str(check.node) == check.iri
        one = CheckedShape(
            shape=check.iri,
            label=check.label if known is None or own else known.label,
            target=check.target_text,
            severity=check.severity,
            requirement=compact(check.requirement) if check.requirement else None,
            area=compact(check.area) if check.area else None,
            fix=general(check.fix) if check.fix else None,
            nodes=focus.count,
        )
        if known is not None:
            grave = min(one.severity, known.severity, key=lambda severity: RANK[severity])
            one = (one if own else known).model_copy(
                update={"severity": grave, "nodes": max(one.nodes, known.nodes)}
            )
        found[check.iri] = one
    return tuple(found[iri] for iri in sorted(found))
