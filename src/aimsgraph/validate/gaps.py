"""The worst gaps: a few findings that together show the most, for a first look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.validate.report import RANK
from aimsgraph.validate.shapes import DEFAULT_ORDER, load_shapes

if TYPE_CHECKING:
    from aimsgraph.model.finding import Finding, Validation


def worst_gaps(validation: Validation, n: int = 5) -> tuple[Finding, ...]:
    """Return the ``n`` worst findings: graver ones first, then those of an area and a shape not yet shown.

    Among equals the more urgent shape comes first (its sh:order), then the order of the findings. A second finding
    of one shape is taken only when there are no other shapes left.
    """
    order = {check.iri: check.order for check in load_shapes().checks}
    ranked = sorted(
        enumerate(validation.findings),
        key=lambda pair: (RANK[pair[1].severity], order.get(pair[1].shape, DEFAULT_ORDER), pair[0]),
    )
    waiting = [finding for _, finding in ranked]
    chosen: list[Finding] = []

    def take(severities: tuple[str, ...], *, new_area: bool, new_shape: bool) -> None:
        for finding in list(waiting):
            areas = {gap.area for gap in chosen} if new_area else set()
            shapes = {gap.shape for gap in chosen} if new_shape else set()
            fits = (
                finding.severity in severities and finding.area not in areas and finding.shape not in shapes
            )
            if fits and len(chosen) < n:
                chosen.append(finding)
                waiting.remove(finding)

    for severity in RANK:
        take((severity,), new_area=True, new_shape=True)
        take((severity,), new_area=False, new_shape=True)
    take(tuple(RANK), new_area=False, new_shape=False)
    return tuple(chosen)
