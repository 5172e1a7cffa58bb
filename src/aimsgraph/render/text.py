"""Numbers, tables and the worst gaps as plain text: what a terminal, a notebook and a report all print."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aimsgraph.model.finding import Finding, Score, Severity

_ORDER: Final = {"violation": 0, "warning": 1, "info": 2}
NOT_KNOWN: Final = "not known"


def percent(value: float | None, digits: int = 1) -> str:
    """Return a share as per cent: ``percent(0.1234)`` → ``12.3 %``; None is ``not known``.

    What is not quite 0 or 1 never reads as such: ``< 0.1 %``, ``> 99.9 %``.
    """
    if value is None:
        return NOT_KNOWN
    if value in (0, 1):
        return f"{value * 100:.0f} %"
    least = 10.0**-digits
    if 0 < value * 100 < least:
        return f"< {least:.{digits}f} %"
    if 100 - least < value * 100 < 100:
        return f"> {100 - least:.{digits}f} %"
    return f"{value * 100:.{digits}f} %"


def percent_range(interval: tuple[float, float] | None, digits: int = 1) -> str:
    """Return an interval of shares, or ``exact`` for None: ``11.9 % to 12.7 %``."""
    if interval is None:
        return "exact"
    return f"{percent(interval[0], digits)} to {percent(interval[1], digits)}"


def completeness_words(score: Score) -> str:
    """Return a score as per cent, or ``not assessed`` when no check was applicable (which is not passed)."""
    return "not assessed" if score.ratio is None else percent(score.ratio)


def rows_to_markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; bars and line breaks in a cell cannot break it."""
    lines = [list(columns), ["---"] * len(columns), *([_shown(value) for value in row] for row in rows)]
    return "".join(f"| {' | '.join(_cell(value) for value in line)} |\n" for line in lines)


def worst_gaps(findings: Iterable[Finding], limit: int) -> list[tuple[Finding, int]]:
    """Return one finding of each of the worst shapes with the number of nodes it was found on.

    Violations come before warnings; within a severity the shape with the most nodes comes first. Of a shape
    the finding with the first node label stands for all.
    """
    ordered = sorted(findings, key=lambda found: (_ORDER[found.severity], found.focus_label, found.focus))
    groups: dict[tuple[str, Severity], Finding] = {}
    for found in ordered:
        groups.setdefault((found.shape, found.severity), found)
    spread = Counter(
        key for key, _ in {((found.shape, found.severity), found.focus): None for found in ordered}
    )
    ranked = sorted(groups.items(), key=lambda item: (_ORDER[item[1].severity], -spread[item[0]], item[0]))
    return [(found, spread[key]) for key, found in ranked[:limit]]


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
