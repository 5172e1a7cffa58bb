"""The list of what to mend, ordered by what lifts completeness most for each owner."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from aimsgraph.model.mending import Mending, Mendings
from aimsgraph.model.node import Named
from aimsgraph.validate.labels import names_of
from aimsgraph.validate.ownership import answerable
from aimsgraph.validate.wording import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from aimsgraph.model.finding import CheckedShape, Validation
    from aimsgraph.validate.shacl.context import Source
    from aimsgraph.validate.shapes import Shapes


def mendings_of(
    validation: Validation, checked: Iterable[CheckedShape], shapes: Shapes, source: Source
) -> Mendings:
    """Return what to mend: the failed checks that count in completeness, by owner and shape.

    A node with several owners is work of each of them. One without, such as a piece of evidence, is work of the owners
    of what it is linked with; when there are none, of nobody.
    """
    counting = {check.iri for check in shapes.checks if check.demanded and check.severity != "info"}
    failed: dict[str, dict[str, str]] = defaultdict(dict)
    for finding in validation.findings:
        if finding.severity != "info" and finding.shape in counting:
            failed[finding.shape][finding.focus] = finding.focus_label
    owners = answerable(source, {node for nodes in failed.values() for node in nodes})
    names = names_of(source, {one for each in owners.values() for one in each})
    overall = validation.completeness.overall
    described = {shape.shape: shape for shape in checked}
    found: list[Mending] = []
    for shape, nodes in failed.items():
        work: dict[Node | None, list[str]] = defaultdict(list)
        for node in sorted(nodes):
            for owner in owners.get(node, ()):
                work[owner].append(node)
            if node not in owners:
                work[None].append(node)
        said = described[shape]
        found += [
            Mending(
                owner=None if owner is None else name_of(owner),
                owner_label=None if owner is None else names.label(owner),
                shape=shape,
                label=said.label,
                requirement=said.requirement,
                area=said.area,
                fix=said.fix,
                nodes=tuple(Named(id=node, label=nodes[node]) for node in own),
                checks=len(own),
                lift=len(own) / overall.applicable,
            )
            for owner, own in work.items()
        ]
    return Mendings(mendings=_ordered(found), applicable=overall.applicable, passed=overall.passed)


def _ordered(found: list[Mending]) -> tuple[Mending, ...]:
    total: dict[str | None, int] = defaultdict(int)
    for one in found:
        total[one.owner] += one.checks
    found.sort(
        key=lambda one: (
            one.owner is None, -total[one.owner], one.owner_label or "", one.owner or "", -one.checks, one.label,
        )
    )  # fmt: skip
    return tuple(found)
