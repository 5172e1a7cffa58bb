"""Numbers and tables as plain text: what a terminal, a notebook and a report all print."""

from __future__ import annotations

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


def kinds_of_gap(findings: Iterable[Finding]) -> list[tuple[Finding, int]]:
    """Return one finding of each shape and severity with the number of nodes it was found on.

    Violations come before warnings; within a severity the shape with the most nodes comes first. Of a shape
    the finding with the first node label stands for all.
    """
    groups: dict[tuple[str, Severity], list[Finding]] = {}
    for found in sorted(findings, key=lambda found: (found.focus_label, found.focus)):
        groups.setdefault((found.shape, found.severity), []).append(found)
    counted = [(alike[0], len({found.focus for found in alike})) for alike in groups.values()]
    return sorted(counted, key=lambda pair: (_ORDER[pair[0].severity], -pair[1], pair[0].shape))


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
