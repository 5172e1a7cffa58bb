"""The rules that a report of findings lists: every shape that was checked, and every shape that has a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.model.finding import CheckedShape
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimsgraph.model.finding import Finding, Validation


def rules_of(validation: Validation, checked: Iterable[CheckedShape]) -> tuple[CheckedShape, ...]:
    """Return the shapes by IRI.

    A property shape with a name inside another property shape is checked by way of that one: it is known by its
    findings alone.
    """
    known = {one.shape: one for one in checked}
    unknown: dict[str, list[Finding]] = {}
    for finding in validation.every_finding():
        if finding.shape not in known:
            unknown.setdefault(finding.shape, []).append(finding)
    found = known | {shape: _known_by(findings) for shape, findings in unknown.items()}
    return tuple(found[shape] for shape in sorted(found))


def _known_by(findings: list[Finding]) -> CheckedShape:
    first = findings[0]  # the gravest, as findings are in order
    return CheckedShape(
        shape=first.shape,
        label=local_name(first.shape),
        target="nodes of another shape",
        severity=first.severity,
        requirement=first.requirement,
        area=first.area,
        fix=None,
        nodes=len({finding.focus for finding in findings}),
    )
