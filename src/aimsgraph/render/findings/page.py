"""Findings as one HTML page, with the look of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.render.report import area_labels, by_area, environment

if TYPE_CHECKING:
    from aimsgraph.model.finding import Validation

#: Findings of one area on the page; what is left out is counted.
MOST_FINDINGS: Final = 2000


def findings_html(validation: Validation, *, title: str = "Findings", generated_by: str = "aimsgraph") -> str:
    """Return the findings by control area, what was not exercised, and the scores; every value is escaped."""
    return (
        environment()
        .get_template("findings-page.html.j2")
        .render(
            title=title,
            validation=validation,
            areas=by_area(validation, MOST_FINDINGS),
            area_labels=area_labels(validation),
            generated_by=generated_by,
            most=MOST_FINDINGS,
        )
    )
