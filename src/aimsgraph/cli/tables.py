"""Answers as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from aimsgraph.cli.terminal import table
from aimsgraph.render.text import percent
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from aimsgraph.model.changeset import RowProblem
    from aimsgraph.model.finding import ChosenProfile, Finding, Score, Validation, Waiver
    from aimsgraph.model.impact import Impact
    from aimsgraph.model.lineage import Lineage
    from aimsgraph.model.node import Completeness
    from aimsgraph.model.trace import Trace

#: So many shapes that were not exercised are named.
MOST_NAMED = 25
_DIRECTIONS = {"up": "comes from", "down": "feeds into", "both": "is connected with"}
_WHY = {
    "chances": "Simulated, because it has more uncertain chances than are worked out exactly.",
    "steps": "Simulated, because working it out exactly takes too many steps.",
    "asked": "Simulated, as asked.",
}
_STOPPED = {
    "hops": "It stops at the limit of {hops}; what lies beyond was not looked at.",
    "nodes": "It stopped after {nodes} nodes: the answer is not whole.",
    "paths": "There are more ways than these.",
    "steps": "The search was given up: there may be more than these.",
    "time": "It stopped at its time limit after {nodes} nodes: the answer is not whole.",
}


def more(shown: int, total: int) -> list[str]:
    """Say how many rows a table left out, when it did."""
    return [f"… and {total - shown} more (--rows, or --json for all)."] if total > shown else []


def counted(number: int, word: str) -> str:
    """Say how many there are of something, in the plural where it is not one."""
    if number == 1:
        return f"1 {word}"
    changes = word.endswith("y") and word[-2:-1] not in "aeo"  # dependencies, but ways
    return f"{number} {word[:-1] + 'ies' if changes else word + 's'}"


def stopped(completeness: Completeness) -> list[str]:
    """Say what stopped an answer, when it is not whole."""
    text = _STOPPED.get(completeness.stopped_by)
    return (
        [text.format(hops=counted(completeness.hops or 0, "hop"), nodes=completeness.nodes)] if text else []
    )


def lineage_table(answer: Lineage, rows: int) -> Table:
    """Show the nearest nodes of a lineage."""
    cells = [(node.hops, node.label, node.type, compact(node.id)) for node in answer.nodes[:rows]]
    title = (
        f"{answer.source.label} ({answer.source.type}) {_DIRECTIONS[answer.direction]} "
        f"{counted(len(answer.nodes), 'node')}"
    )
    grid = table(title, ("hops", "label", "type", "name"), cells, right=(0,))
    if len(answer.nodes) > rows:
        grid.caption = more(rows, len(answer.nodes))[0]
        grid.caption_justify = "left"
    return grid


def hidden(answer: Lineage) -> list[str]:
    """Say how many nodes of a lineage its filters hide, when they do."""
    number = answer.completeness.nodes - len(answer.nodes)
    return [f"Walked as well, but not shown: {counted(number, 'node')}."] if number else []


def impact_tables(answer: Impact, rows: int) -> list[Table | str]:
    """Show what is hurt, the likeliest ways, and the controls that stand in between."""
    names = " and ".join(source.label for source in answer.sources)
    labels = {node.id: node.label for node in (*answer.sources, *answer.nodes)}
    how = "exact" if answer.worlds is None else f"simulated, {answer.worlds} worlds, seed {answer.seed}"
    what = f" in {answer.dimension}" if answer.dimension else ""
    cells = [
        (n.min_hops, n.label, n.type, percent(n.inherent), percent(n.claimed), percent(n.assured))
        for n in answer.nodes[:rows]
    ]
    shown: list[Table | str] = [
        table(
            f"If {names} goes wrong{what}: {counted(len(answer.nodes), 'node')} could be hurt ({how})",
            ("hops", "label", "type", "no control", "claimed", "assured"), cells, right=(0, 3, 4, 5),
        ),
        *more(rows, len(answer.nodes)),
    ]  # fmt: skip
    if answer.paths:
        ways = [(percent(p.probability), " → ".join(labels.get(n, n) for n in p.nodes)) for p in answer.paths]
        shown.append(table("Likeliest ways", ("assured", "way"), ways, right=(0,)))
    if answer.controls:
        controls = [
            (c.label, percent(c.claimed_effectiveness), percent(c.assured_effectiveness), c.reason)
            for c in answer.controls[:rows]
        ]
        shown.append(
            table("Controls in between", ("control", "claimed", "assured", "why"), controls, right=(1, 2))
        )
        shown += more(rows, len(answer.controls))
    guesses = {basis: count for basis, count in answer.unassessed.items() if basis != "assessed" and count}
    if guesses:
        said = ", ".join(f"{count} {basis}" for basis, count in sorted(guesses.items()))
        shown.append(
            f"Of {counted(len(answer.edges), 'dependency')}, not assessed: {said} (unknown ones count as certain)."
        )
    return shown + impact_remarks(answer)


def impact_remarks(answer: Impact) -> list[Table | str]:
    """Say how the numbers of an impact were found where they are not all exact, and what was left out."""
    methods = {way: sum(node.method == way for node in answer.nodes) for way in ("exact", "rare-event")}
    remarks = {
        f"Of {counted(answer.without_dimension, 'dependency')} no dimension is stated; counted all the same.":
            answer.without_dimension,
        _WHY.get(answer.why_simulated or "", "") + (
            f" Exact all the same: {methods['exact']} of {len(answer.nodes)}; "
            f"estimated from its causes, being rare: {methods['rare-event']}."
        ): answer.why_simulated,
        f"Left out for the size of the graph: {counted(answer.worlds_left_out, 'world')}, "
        f"{counted(answer.controls_left_out, 'control')}, estimates of {counted(answer.rare_left_out, 'rare node')}.":
            answer.worlds_left_out + answer.controls_left_out + answer.rare_left_out,
        "There may be ways more likely than those shown; not all were compared.": not answer.paths_complete,
    }  # fmt: skip
    return [text for text, needed in remarks.items() if needed]


def trace_tables(answer: Trace, rows: int) -> list[Table | str]:
    """Show each control with its evidence, then the gaps."""
    shown: list[Table | str] = [
        f"{answer.node.label} ({answer.node.type}): {counted(len(answer.controls), 'control')}, "
        f"judged as on {answer.date}"
    ]
    for control in answer.controls[:rows]:
        owners = ", ".join(owner.label for owner in control.owners) or "nobody"
        cells = [
            (Text(e.status, style="green" if e.counts else "red"), _named(e.label, e.location),
             e.collected_on or "–", e.valid_until or "–", e.reason)
            for e in control.evidence
        ]  # fmt: skip
        title = (
            f"{control.label}: owned by {owners}; effectiveness claimed "
            f"{percent(control.claimed_effectiveness)}, assured {percent(control.assured_effectiveness)}"
        )
        columns = ("status", "evidence and file", "collected", "valid until", "why")
        shown.append(table(title, columns, cells) if cells else f"{title}\n  no evidence")
    shown += more(rows, len(answer.controls))
    if answer.gaps:
        gaps = [(gap.node.label, gap.message, gap.fix) for gap in answer.gaps[:rows]]
        shown.append(table(f"{len(answer.gaps)} gaps", ("at", "what is missing", "how to mend it"), gaps))
        shown += more(rows, len(answer.gaps))
    else:
        shown.append("No gap.")
    return shown


def _named(label: str, file: str | None) -> Text:
    return Text.assemble(label, (f"\n{file}", "dim")) if file else Text(label)


def problem_table(problems: Sequence[RowProblem], rows: int) -> list[Table | str]:
    """Show what could not be used of a table; rows with the same trouble stand on one line."""
    alike: dict[tuple[str, str, str], list[int]] = {}
    for one in problems:
        numbers = alike.setdefault((one.column or "–", one.value or "", one.message), [])
        if one.row is not None:
            numbers.append(one.row)
    cells = [(_spans(numbers) or "all", *what) for what, numbers in alike.items()]
    title = f"{len(problems)} things that could not be used"
    return [table(title, ("row", "column", "value", "why"), cells[:rows]), *more(rows, len(cells))]


def _spans(numbers: Sequence[int]) -> str:
    """Write sorted numbers with the runs drawn together: ``2–4, 7``."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return ", ".join("–".join(map(str, span)) for span in spans)


def score_table(title: str, scores: Sequence[Score]) -> Table:
    """Show passed over applicable checks; what was not assessed says so."""
    cells = [
        (
            score.label,
            _bar(score.ratio),
            "not assessed" if score.ratio is None else percent(score.ratio),
            f"{score.passed} of {score.applicable}",
        )
        for score in scores
    ]
    return table(title, ("", "", "complete", "checks passed"), cells, right=(2, 3))


def _bar(ratio: float | None, width: int = 20) -> Text:
    filled = round((ratio or 0) * width)
    return Text("█" * filled + "░" * (width - filled), style="dim" if ratio is None else "")


def finding_table(title: str, findings: Sequence[Finding]) -> Table:
    """Show findings, each with its id, the requirement that asks for it and how to mend it."""
    styles = {"violation": "red", "warning": "yellow", "info": "dim"}
    cells = [
        (
            Text.assemble((f.severity, styles[f.severity]), (f"\n{f.id}", "dim")),
            _named(f.focus_label, f"{f.file}:{f.line}" if f.file else None),
            f.message,
            f.fix or "",
            f.requirement or "",
        )
        for f in findings
    ]
    return table(title, ("severity", "node", "what", "how to mend it", "asked by"), cells)


def validation_tables(answer: Validation, rows: int, by: str = "area") -> list[Table | str]:
    """Show the scores per area or by another view, the findings, waivers, and what was not exercised."""
    most = rows if by == "node" else None
    counts = (
        ", ".join(counted(count, severity) for severity, count in answer.counts.items() if count) or "nothing"
    )
    scores = getattr(answer.completeness, f"{by}s") or ()
    shown: list[Table | str] = [
        *_profile(answer.profile),
        score_table(f"How complete, as on {answer.date}", (*scores[:most], answer.completeness.overall)),
        *more(len(scores[:most]), len(scores)),
    ]
    if answer.findings:
        shown += [
            finding_table(f"Found: {counts}", answer.findings[:rows]),
            *more(rows, len(answer.findings)),
        ]
    else:
        shown.append("No findings.")
    if answer.waivers:
        shown.append(_waiver_table(answer.waivers))
    if answer.not_exercised:
        names = ", ".join(shape.label for shape in answer.not_exercised[:MOST_NAMED])
        rest = len(answer.not_exercised) - MOST_NAMED
        names += f" … and {rest} more (--json names them)" if rest > 0 else ""
        shown.append(f"Not exercised (no node to check, so not passed either): {names}.")
    return shown


def _profile(profile: ChosenProfile | None) -> list[Table | str]:
    if profile is None:
        return []
    said = f"{profile.label}: {profile.checks} of {counted(profile.of, 'check')}"
    if profile.systems == ():
        return [f"{said}. No system is of the kind that it looks at: name one with --system."]
    names = ", ".join(system.label for system in profile.systems or ())
    return [f"{said}, on {names} and all that belongs to it." if names else f"{said}."]


def _waiver_table(waivers: Sequence[Waiver]) -> Table:
    """Show waivers with what each lets pass, or why it lets nothing pass."""
    cells = [
        (
            Text(w.standing, style="" if w.standing == "in force" else "yellow"),
            _named(w.label, compact(w.shape) if w.shape else None),
            w.reason or "–",
            f"{w.approved_by.label if w.approved_by else 'nobody'}, {w.approved_on or 'undated'}",
            w.until or "–",
            "\n".join(finding.message for finding in w.findings) or "nothing",
        )
        for w in waivers
    ]
    columns = ("standing", "waiver", "because", "approved by", "until", "lets pass")
    return table(counted(len(waivers), "waiver"), columns, cells)
