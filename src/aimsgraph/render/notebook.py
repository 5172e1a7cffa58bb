"""Small HTML tables of answers, for notebooks; every value is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from aimsgraph.render.text import completeness_words, percent, percent_range
from aimsgraph.render.words import type_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aimsgraph.model.finding import Validation
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Lineage
    from aimsgraph.model.trace import Trace

#: Rows a notebook shows before it says how many more there are.
MOST_ROWS: Final = 50

#: Status of evidence → (sign, words), so that colour is never the only sign.
STATUS_WORDS: Final[dict[str, tuple[str, str]]] = {
    "fresh": ("✓", "counts"),
    "expired": ("✗", "expired"),
    "not-yet-valid": ("…", "not yet valid"),
    "altered": ("!", "altered"),
    "file-missing": ("?", "file missing"),
    "undated": ("?", "no date"),
}


def rows_html(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, caption: str = "", most: int = MOST_ROWS
) -> str:
    """Return a table of at most ``most`` rows; None is an empty cell, and what was left out is counted."""
    every = list(rows)
    parts = ['<table class="aims-table">']
    if caption:
        parts.append(f"<caption>{escape(caption)}</caption>")
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    parts.append(f"<thead><tr>{head}</tr></thead><tbody>")
    for row in every[:most]:
        cells = "".join(f"<td>{'' if value is None else escape(str(value))}</td>" for value in row)
        parts.append(f"<tr>{cells}</tr>")
    parts.append("</tbody></table>")
    if len(every) > most:
        parts.append(f"<p>and {len(every) - most:,} more rows</p>")
    return "".join(parts)


def lineage_html(lineage: Lineage) -> str:
    """Return the nodes of a lineage, nearest first."""
    rows = [(node.label, type_words(node.type), node.hops) for node in lineage.nodes]
    direction = {"up": "Upstream of", "down": "Downstream of", "both": "Around"}[lineage.direction]
    return rows_html(("node", "type", "hops"), rows, caption=f"{direction} {lineage.source.label}")


def impact_html(impact: Impact) -> str:
    """Return the nodes hurt, most probable first: inherent, claimed and assured chance with its interval."""
    rows = [
        (
            node.label,
            type_words(node.type),
            percent(node.inherent),
            percent(node.claimed),
            percent(node.assured),
            percent_range(node.interval),
            node.min_hops,
        )
        for node in impact.nodes
    ]
    sources = ", ".join(node.label for node in impact.sources)
    columns = ("node", "type", "no control", "claimed", "assured", "95 % interval", "hops")
    return rows_html(columns, rows, caption=f"Hurt by {sources}")


def validation_html(validation: Validation) -> str:
    """Return completeness per control area, then the findings."""
    areas = [
        (
            area.label,
            completeness_words(area),
            area.passed,
            area.applicable,
        )
        for area in validation.completeness.areas
    ]
    findings = [
        (found.severity, found.focus_label, found.message, found.fix) for found in validation.findings
    ]
    overall = validation.completeness.overall
    return rows_html(
        ("area", "complete", "passed", "applicable"),
        areas,
        caption=f"Completeness: {overall.passed} of {overall.applicable} checks passed",
    ) + rows_html(("severity", "node", "finding", "how to mend it"), findings, caption="Findings")


def trace_html(trace: Trace) -> str:
    """Return controls with their evidence, one row each, then the gaps."""
    rows: list[tuple[object, ...]] = []
    for control in trace.controls:
        owners = ", ".join(owner.label for owner in control.owners) or "nobody"
        for piece in control.evidence:
            sign, words = STATUS_WORDS[piece.status]
            rows.append((control.label, owners, piece.label, f"{sign} {words}", piece.reason))
        if not control.evidence:
            rows.append((control.label, owners, "none", "", ""))
    gaps = [(gap.node.label, gap.message, gap.fix) for gap in trace.gaps]
    return rows_html(
        ("control", "owner", "evidence", "status", "why"), rows, caption=f"Evidence behind {trace.node.label}"
    ) + rows_html(("node", "gap", "how to mend it"), gaps, caption="Gaps")
