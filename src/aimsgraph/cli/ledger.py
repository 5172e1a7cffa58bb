"""Findings over time as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.cli.tables import counted, more
from aimsgraph.cli.terminal import answers, print_json, table
from aimsgraph.render.text import percent

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.model.ledger import Ledger


def tell_ledger(answer: Ledger, as_json: bool, rows: int) -> None:
    """Print how complete the graph was over time, and when findings came up and went away, those that stand first."""
    if as_json:
        print_json(answer)
        return
    cells = [
        (
            _when(span.first_seen, span.opened_by),
            "stands" if span.closed_on is None else _when(span.closed_on, span.closed_by),
            span.finding.severity,
            span.finding.message,
        )
        for span in answer.spans[:rows]
    ]
    standing = sum(span.closed_on is None for span in answer.spans)
    title = f"{counted(standing, 'finding')} that stand, {len(answer.spans) - standing} closed, as on {answer.date}"
    moments = [
        (
            "today" if one.changeset is None else f"changeset {one.changeset}",
            one.date,
            "not assessed" if one.overall.ratio is None else percent(one.overall.ratio),
            f"{one.overall.passed} of {one.overall.applicable}",
        )
        for one in answer.moments[-rows:]
    ]
    columns = ("after", "as on", "complete", "checks passed")
    answers().print(
        table("How complete it was", columns, moments, right=(2, 3)),
        *more(len(moments), len(answer.moments)),
        table(title, ("first seen", "closed", "severity", "what"), cells),
        *more(min(rows, len(answer.spans)), len(answer.spans)),
        sep="\n",
    )


def _when(day: date, changeset: int | None) -> str:
    return f"{day}, {'by the passing of days' if changeset is None else f'changeset {changeset}'}"
