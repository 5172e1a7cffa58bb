"""The answer of ``risk`` as tables for a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from aimsgraph.cli.tables import counted, more
from aimsgraph.cli.terminal import table
from aimsgraph.render.text import NOT_KNOWN, percent, percent_range

if TYPE_CHECKING:
    from rich.table import Table

    from aimsgraph.model.risk import Appetite, ByControls, RiskAssessed, RiskGroup, Risks

_WITHIN: dict[Appetite, Text] = {
    "true": Text("yes", style="green"),
    "false": Text("no", style="red"),
    "unknown": Text("unknown", style="yellow"),
}
_COLUMNS = ("no control", "claimed", "assured")


def risk_tables(answer: Risks, rows: int) -> list[Table | str]:
    """Show the risks or their groups, what all cost together, what stands open and what is not assessed."""
    shown: list[Table | str] = []
    if answer.by == "risk":
        shown += [_risks(answer, rows), *more(rows, len(answer.risks))]
    else:
        shown += [_groups(answer, rows), *more(rows, len(answer.groups))]
    shown += _total(answer)
    if answer.gaps:
        gaps = [(gap.node.label, gap.message, gap.fix) for gap in answer.gaps[:rows]]
        shown.append(
            table(f"{counted(len(answer.gaps), 'gap')}", ("at", "what stands open", "how to mend it"), gaps)
        )
        shown += more(rows, len(answer.gaps))
    shown += _simulated(answer, rows)
    shown += _unassessed(answer, rows)
    return shown


def euro(value: float | None) -> str:
    """Return an amount in whole euro: ``1,200,000``; None is ``not known``."""
    return NOT_KNOWN if value is None else f"{value:,.0f}"


def _risks(answer: Risks, rows: int) -> Table:
    cells = [(one.label, *_likelihood(one.likelihood), *_amounts(one.expected_loss), *_level(one),
              _WITHIN[one.within_appetite], _accepted(one)) for one in answer.risks[:rows]]  # fmt: skip
    columns = (
        "risk",
        *_COLUMNS,
        "loss a year, no control",
        "claimed",
        "assured",
        "level",
        "in appetite",
        "accepted",
    )
    number = counted(len(answer.risks), "risk")
    title = f"{number}, likelihood and expected loss (EUR) within a year, as on {answer.date}"
    return table(title, columns, cells, right=range(1, 7))


def _level(one: RiskAssessed) -> tuple[str]:
    level = one.level
    inherent, residual = level.by_matrix or level.inherent, level.residual
    return (" → ".join(_words(name) if name else "–" for name in (inherent, residual)),)


def _words(level: str) -> str:
    """Write the CURIE of a level as words: ``very high``."""
    name = level.rpartition(":")[2].removeprefix("Level")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _accepted(one: RiskAssessed) -> str:
    state = one.acceptance
    if state.standing == "missing":
        return "–"
    if state.standing == "expired":
        return f"expired {state.until}"
    return f"until {state.until}" if state.until else "without end"


def _groups(answer: Risks, rows: int) -> Table:
    cells = [(one.label, one.risks, *_likelihood(one.likelihood), *_amounts(one.expected_loss),
              _quantile(one, 0.95), _WITHIN[one.within_appetite]) for one in answer.groups[:rows]]  # fmt: skip
    columns = (
        answer.by,
        "risks",
        *_COLUMNS,
        "loss a year, no control",
        "claimed",
        "assured",
        "19 of 20 years",
        "in appetite",
    )
    title = f"Risks by {answer.by}, likelihood and expected loss (EUR) within a year, as on {answer.date}"
    return table(title, columns, cells, right=range(1, 9))


def _likelihood(value: ByControls | None) -> tuple[str, ...]:
    if value is None:
        return ("–",) * 3
    return percent(value.inherent), percent(value.claimed), percent(value.assured)


def _amounts(value: ByControls | None) -> tuple[str, ...]:
    if value is None:
        return ("–",) * 3
    return euro(value.inherent), euro(value.claimed), euro(value.assured)


def _quantile(group: RiskGroup, p: float) -> str:
    return next((euro(one.loss.assured) for one in group.quantiles if one.p == p), "–")


def _total(answer: Risks) -> list[Table | str]:
    """Show what all risks cost together: quantiles, and the curve of exceedance."""
    total = answer.total
    if total.expected_loss is None:
        return ["No risk has both an annual probability and a loss, so there are no sums."]
    lines: list[Table | str] = []
    cells = [("expected", *_amounts(total.expected_loss))]
    cells += [(f"{percent(one.p, 0)} of years cost at most", *_amounts(one.loss)) for one in total.quantiles]
    title = f"Loss of a year (EUR), {answer.worlds} years simulated, seed {answer.seed}"
    lines.append(table(title, ("", *_COLUMNS), cells, right=(1, 2, 3)))
    points = [(euro(one.loss), *_likelihood(one.probability)) for one in total.curve]
    lines.append(
        table("How likely a year costs so much or more", ("loss (EUR)", *_COLUMNS), points, right=range(4))
    )
    if total.appetite is not None and total.appetite.highest_expected_loss is not None:
        limit = total.appetite.highest_expected_loss
        above = total.expected_loss.assured > limit
        word = "above" if above else "within"
        lines.append(f"The assured expected loss is {word} the appetite of {euro(limit)} a year.")
    return lines


def _simulated(answer: Risks, rows: int) -> list[Table | str]:
    """Say which likelihoods are not exact, and how near they are."""
    everything: list[RiskAssessed | RiskGroup] = [*answer.risks, *answer.groups, answer.total]
    cells = [
        (one.label, percent(one.likelihood.assured, 3), percent_range(one.interval, 3))
        for one in everything
        if one.likelihood is not None and one.interval is not None
    ]
    shown: list[Table | str] = []
    if cells:
        title = f"Simulated in {answer.worlds} years, not exact"
        shown.append(table(title, ("likelihood of", "assured", "95 % interval"), cells[:rows], right=(1, 2)))
        shown += more(rows, len(cells))
    reaches = sum(any(to.interval is not None for to in one.reaches) for one in answer.risks)
    if reaches:
        shown.append(f"Simulated too: the reach of {counted(reaches, 'risk')} (--json shows it).")
    return shown


def _unassessed(answer: Risks, rows: int) -> list[Table | str]:
    """Say which numbers are missing or guessed, and what the answer leaves out."""
    shown: list[Table | str] = []
    lacking = [one for one in answer.risks if one.unassessed]
    if lacking:
        cells = [(one.label, one.basis, " ".join(one.unassessed)) for one in lacking[:rows]]
        shown.append(table("Not assessed", ("risk", "basis", "what is missing or guessed"), cells))
        shown += more(rows, len(lacking))
    if answer.total.not_counted:
        number = counted(len(answer.total.not_counted), "risk")
        shown.append(f"The sums leave out {number} without an annual probability or a loss.")
    if answer.gates:
        number = counted(len(answer.gates), "node")
        shown.append(
            f"In reach: {number} with a gate. What only several risks bring about there is no risk's share."
        )
    if answer.reaches_left_out:
        number = counted(answer.reaches_left_out, "risk")
        shown.append(f"The graph is large: what {number} can come to was not worked out.")
    if answer.curves_left_out:
        number = counted(answer.curves_left_out, answer.by)
        shown.append(f"The graph is large: how the losses of {number} are spread was not worked out.")
    return shown
