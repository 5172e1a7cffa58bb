"""Tables for why a number is what it is, what to fix first, and what a change would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.cli.tables import counted, more
from aimsgraph.cli.terminal import table
from aimsgraph.render.text import percent
from aimsgraph.render.words import property_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from aimsgraph.model.finding import Finding
    from aimsgraph.model.fixing import FixFirst, Risked
    from aimsgraph.model.reasoning import ImpactExplanation
    from aimsgraph.model.what_if import Chances, LineageDifference, State, WhatIf

#: Findings that are named of those that come or go.
_FINDINGS = 10
#: Changes that are told one by one.
_CHANGES = 10


def explanation_tables(answer: ImpactExplanation, rows: int) -> list[Table | str]:
    """Show the paragraph, the ways, and what each dependency and control on the way is worth."""
    labels = {node.id: node.label for node in (*answer.nodes, *answer.sources, answer.target)}
    shown: list[Table | str] = [answer.text]
    if answer.ways:
        ways = [
            (percent(way.probability), percent(way.share), " → ".join(labels.get(n, n) for n in way.nodes))
            for way in answer.ways
        ]
        shown.append(table("Likeliest ways (they overlap)", ("open", "of all", "way"), ways, right=(0, 1)))
    if answer.edges:
        cells = [
            (f"{labels.get(e.source, e.source)} → {labels.get(e.target, e.target)} ({property_words(e.property)})",
             "unknown" if e.transmission is None else percent(e.used), e.basis, f"{e.birnbaum:.3f}",
             percent(e.fussell_vesely), percent(e.if_never), percent(e.if_always))
            for e in answer.edges[:rows]
        ]  # fmt: skip
        columns = ("dependency", "opens", "number is", "Birnbaum", "needed by", "if never", "if always")
        shown.append(table("Dependencies on the way", columns, cells, right=(1, 3, 4, 5, 6)))
        shown += more(rows, len(answer.edges))
    if answer.controls:
        rated = [
            (c.label, percent(c.claimed_effectiveness), percent(c.assured_effectiveness), percent(c.if_failed),
             percent(c.if_fresh), percent(c.if_perfect), f"{c.birnbaum:.3f}")
            for c in answer.controls[:rows]
        ]  # fmt: skip
        columns = ("control", "claimed", "assured", "if failed", "as declared", "if perfect", "Birnbaum")
        shown.append(table("Controls on the way", columns, rated, right=(1, 2, 3, 4, 5, 6)))
        shown += more(rows, len(answer.controls))
    if answer.guesses:
        guessed = [(g.label, g.basis, percent(g.if_zero), percent(g.if_one)) for g in answer.guesses[:rows]]
        headings = ("not assessed", "number is", "at best", "at worst")
        shown.append(table("What not being assessed is worth", headings, guessed, right=(2, 3)))
        shown += more(rows, len(answer.guesses))
    return shown


def fix_tables(answer: FixFirst) -> list[Table | str]:
    """Show what to do, best first, and what is left after each."""
    names = " and ".join(node.label for node in answer.nodes)
    reached = f" of {names}" if names else ""
    how = "exact" if answer.worlds is None else f"simulated, {answer.worlds} worlds, seed {answer.seed}"
    loss = answer.today.loss is not None
    cells = [
        (fix.action, _about(fix.node.label, fix.reason), ", ".join(one.label for one in fix.controls),
         ", ".join(one.label for one in fix.owners) or "nobody", _until(fix.due, fix.overdue),
         *_numbers(fix.removed, loss), *_numbers(fix.left, loss))
        for fix in answer.fixes
    ]  # fmt: skip
    columns = (
        "what to do",
        "with",
        "for",
        "owner",
        "by",
        "harm −",
        *["€ −"] * loss,
        "harm left",
        *["€ left"] * loss,
    )
    title = (
        f"What to fix first ({counted(answer.risks, 'risk')}{reached}, {how}): harm {answer.today.harm:.2f} today"
        f"{_euros(answer.today)}, {answer.at_best.harm:.2f}{_euros(answer.at_best)} at best"
    )
    shown: list[Table | str] = [
        table(title, columns, cells, right=range(5, len(columns)))
        if cells
        else f"{title}: nothing to fix removes any of it."
    ]
    if answer.completeness.stopped_by == "steps":
        shown.append(
            f"There is much to weigh, and the list was ended early: {answer.more} more could be in it."
        )
    elif answer.more:
        shown.append(f"… and {answer.more} more (--most, or --json).")
    if answer.not_needed:
        shown.append(f"Not needed once these are done: {counted(answer.not_needed, 'other thing')}.")
    if answer.without_effect:
        shown.append(
            f"Without effect on these risks: {counted(answer.without_effect, 'thing')} that could be done."
        )
    if answer.risks_left_out:
        left = counted(answer.risks_left_out, "risk")
        shown.append(f"The graph is large: {left} left out; the answer is not whole.")
    return shown


def _about(label: str, reason: str) -> str:
    return f"{label}: {reason}"


def _until(due: object, overdue: bool) -> str:
    return "–" if due is None else f"{due}, overdue" if overdue else str(due)


def _numbers(one: Risked, loss: bool) -> tuple[str, ...]:
    return (f"{one.harm:.2f}", *([_amount(one.loss)] if loss else []))


def _amount(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _euros(one: Risked) -> str:
    return "" if one.loss is None else f" (€ {_amount(one.loss)} a year)"


def what_if_tables(answer: WhatIf, rows: int) -> list[Table | str]:
    """Show both sides, then what differs node by node."""
    shown: list[Table | str] = [
        *(change.text for change in answer.changes[:_CHANGES]),
        *_rest(len(answer.changes)),
        _moved(answer.added, answer.removed),
        table("", ("", "today", "then"), _sides(answer.today, answer.then), right=(1, 2)),
    ]
    if answer.sources:
        names = " and ".join(node.label for node in answer.sources)
        cells = [
            (node.label, node.type, node.turn, *_both("assured", node.today, node.then), _signed(node.difference),
             *_both("claimed", node.today, node.then))
            for node in answer.nodes[:rows]
        ]  # fmt: skip
        title = f"If {names} goes wrong: {_differing(len(answer.nodes), answer.unchanged)}"
        columns = ("node", "type", "turn", "assured", "then", "change", "claimed", "then")
        shown.append(table(title, columns, cells, right=(3, 4, 5, 6, 7)) if cells else f"{title}.")
        shown += more(rows, len(answer.nodes))
    if answer.lineage is not None:
        shown += _lineage(answer.lineage, rows)
    shown += _findings("would come up", answer.opened) + _findings("would go away", answer.closed)
    return shown


def _rest(changes: int) -> list[str]:
    left = changes - _CHANGES
    return [f"… and {counted(left, 'more change')} (--json for all)."] if left > 0 else []


def _moved(added: int, removed: int) -> str:
    if added and removed:
        return f"{counted(added, 'statement')} would come, {removed} would go."
    if added or removed:
        return f"{counted(added or removed, 'statement')} would {'come' if added else 'go'}."
    return "No statement would come or go."


def _differing(nodes: int, others: int) -> str:
    verb, other = "differs" if nodes == 1 else "differ", "does" if others == 1 else "do"
    return f"{counted(nodes, 'node')} {verb}, {others} {other} not"


def _sides(today: State, then: State) -> list[tuple[str, str, str]]:
    lines = [
        ("nodes hurt", str(today.hurt), str(then.hurt)) if today.hurt is not None else None,
        ("sum of assured probabilities", _two(today.sum_assured), _two(then.sum_assured))
        if today.sum_assured is not None
        else None,
        ("harm by all risks", _two(today.risk.harm), _two(then.risk.harm)),
        ("expected loss, € a year", _amount(today.risk.loss), _amount(then.risk.loss)),
        ("controls", str(today.controls), str(then.controls)),
        ("controls borne out by evidence", str(today.verified), str(then.verified)),
    ]
    found = [line for line in lines if line is not None]
    if today.findings is not None and then.findings is not None:
        found += [
            (f"findings: {severity}", str(count), str(then.findings[severity]))
            for severity, count in today.findings.items()
        ]
    return found


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _both(name: str, today: Chances | None, then: Chances | None) -> tuple[str, str]:
    before, after = ("–" if one is None else percent(getattr(one, name)) for one in (today, then))
    return before, after


def _signed(difference: float) -> str:
    return f"{difference * 100:+.1f}"


def _lineage(found: LineageDifference, rows: int) -> list[Table | str]:
    words = {"up": "comes from", "down": "feeds into", "both": "is connected with"}[found.direction]
    cells = [("appears", node.label, node.type) for node in found.appears]
    cells += [("disappears", node.label, node.type) for node in found.disappears]
    title = f"What {found.source.label} {words}: {_differing(len(cells), found.unchanged)}"
    if not cells:
        return [f"{title}."]
    return [table(title, ("turn", "node", "type"), cells[:rows]), *more(rows, len(cells))]


def _findings(what: str, found: Sequence[Finding]) -> list[Table | str]:
    if not found:
        return []
    cells = [(one.severity, one.focus_label, one.message) for one in found[:_FINDINGS]]
    title = f"{counted(len(found), 'finding')} {what}"
    return [table(title, ("severity", "node", "what"), cells), *more(_FINDINGS, len(found))]
