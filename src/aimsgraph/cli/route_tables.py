"""Ways, what is shared, circles, weak points, and what changed, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from aimsgraph.cli.tables import counted, more, stopped
from aimsgraph.cli.terminal import answers, print_json, table
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.table import Table

    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.routes import Cycles, LineageChange, Paths, Shared, State, WeakPoints

#: So many names stand in one cell.
_NAMES = 3


def tell_paths(answer: Paths, as_json: bool) -> None:
    """Print the ways from one node to another."""
    if as_json:
        print_json(answer)
        return
    source, target = answer.source.label, answer.target.label
    if not answer.paths:
        turned = f" {target} feeds into {source}: name them the other way round." if answer.backwards else ""
        answers().print(
            f"No way leads from {source} to {target}.{turned}", *stopped(answer.completeness), sep="\n"
        )
        return
    labels = {node.id: node.label for node in answer.nodes}
    cells = [(path.hops, " → ".join(labels[node] for node in path.nodes)) for path in answer.paths]
    title = f"{counted(len(cells), 'way')} from {source} to {target}"
    answers().print(table(title, ("hops", "way"), cells, right=(0,)), *stopped(answer.completeness), sep="\n")


def tell_shared(answer: Shared, as_json: bool, rows: int) -> None:
    """Print what several nodes have upstream in common."""
    if as_json:
        print_json(answer)
        return
    labels = {node.id: node.label for node in answer.sources}
    whose = (
        f"{counted(len(labels), 'node')} of {' or '.join(answer.of)}"
        if answer.of
        else _joined(labels.values())
    )
    given_up = (
        [
            f"The search was given up: from {counted(answer.sources_left_out, 'more node')} it was not looked for."
        ]
        if answer.sources_left_out
        else []
    )
    if not answer.nodes:
        alone = len(labels) == 1
        answers().print(
            f"{whose} has nothing upstream to share with another."
            if alone
            else f"{whose} have nothing upstream in common.",
            *given_up,
            sep="\n",
        )
        return
    cells = [
        (
            f"{len(node.sources)} of {len(answer.sources)}",
            _span(node.hops),
            "closest" if node.closest else "",
            node.label,
            node.type,
            _listed([labels[source] for source in node.sources]) if answer.of else compact(node.id),
        )
        for node in answer.nodes[:rows]
    ]
    shared = f"at least {answer.least} of them share" if answer.least < len(labels) else "share"
    total = len(answer.nodes) + answer.left_out
    title = f"What {whose} have upstream: {shared} {counted(total, 'node')}"
    columns = ("shared by", "hops", "", "label", "type", "which" if answer.of else "name")
    answers().print(table(title, columns, cells, right=(0, 1)), *more(len(cells), total), *given_up, sep="\n")


def tell_cycles(answer: Cycles, as_json: bool, rows: int) -> None:
    """Print what depends on itself."""
    if as_json:
        print_json(answer)
        return
    if not answer.cycles:
        answers().print(
            f"Nothing depends on itself ({counted(answer.completeness.edges, 'dependency')} looked at)."
        )
        return
    cells = []
    for cycle in answer.cycles[:rows]:
        labels = {node.id: node.label for node in cycle.nodes}
        way = " → ".join(labels[node] for node in (*cycle.example, cycle.example[0]))
        cells.append((len(cycle.nodes), way if cycle.shortest else f"{way} (there may be a shorter one)"))
    title = f"{counted(len(answer.cycles), 'group')} of nodes that depend on themselves"
    given_up = [] if answer.completeness.complete else ["The search for shorter ways round was given up."]
    answers().print(
        table(title, ("nodes", "a shortest way round"), cells, right=(0,)),
        *more(len(cells), len(answer.cycles)),
        *given_up,
        sep="\n",
    )


def tell_weak_points(answer: WeakPoints, as_json: bool, rows: int) -> None:
    """Print the nodes without which others are cut off."""
    if as_json:
        print_json(answer)
        return
    if not answer.nodes:
        whom = answer.node.label if answer.node else "anything"
        answers().print(f"No single node cuts {whom} off from where it comes from.")
        return
    total = answer.targets if answer.node is None else answer.origins
    cells = [
        (
            "everything" if point.everything else f"{point.cut_off} of {total}",
            *(() if point.hops is None else (point.hops,)),
            point.label,
            point.type,
            _listed([one.label for one in point.examples], point.cut_off),
        )
        for point in answer.nodes[:rows]
    ]
    if answer.node is None:
        title = f"What others would be cut off without: of {total} ({', '.join(answer.of)})"
        columns: tuple[str, ...] = ("cuts off", "label", "type", "which")
    else:
        title = f"What {answer.node.label} would be cut off without: it has {counted(total, 'origin')}"
        columns = ("cuts off", "hops", "label", "type", "origins")
    answers().print(
        table(title, columns, cells, right=(0,) if answer.node is None else (0, 1)),
        *more(len(cells), len(answer.nodes) + answer.left_out),
        sep="\n",
    )


def tell_change(answer: LineageChange, as_json: bool, rows: int) -> None:
    """Print what came into a lineage, left it, or moved."""
    if as_json:
        print_json(answer)
        return
    cells = [
        *(("came", "", node.hops, node.label, node.type, compact(node.id)) for node in answer.added),
        *(("went", node.hops, "", node.label, node.type, compact(node.id)) for node in answer.removed),
        *(("moved", n.before, n.after, n.label, n.type, compact(n.id)) for n in answer.moved),
    ]
    labels = {node.id: node for node in (answer.source, *answer.added, *answer.removed, *answer.moved)}
    title = f"The lineage of {answer.source.label}, from {_moment(answer.since)} to {_moment(answer.until)}"
    columns = ("", "hops then", "hops now", "label", "type", "name")
    shown: list[Table | str] = [f"{title}: no node came, went or moved."]
    if cells:
        shown = [table(title, columns, cells[:rows], right=(1, 2)), *more(min(rows, len(cells)), len(cells))]
    edges = [
        *(("came", _end(labels, e.source), e.property, _end(labels, e.target)) for e in answer.edges_added),
        *(("went", _end(labels, e.source), e.property, _end(labels, e.target)) for e in answer.edges_removed),
    ]
    if edges:
        shown += [
            table("Dependencies", ("", "what is used", "by", "what uses it"), edges[:rows]),
            *more(min(rows, len(edges)), len(edges)),
        ]
    if answer.changesets is None:
        shown.append("Too much was changed to look for the changesets that did it.")
    elif answer.changesets:
        made = [
            (c.number, c.time.isoformat(timespec="seconds"), c.author, c.message) for c in answer.changesets
        ]
        shown.append(
            table("Changesets that bear on it", ("no", "time", "author", "message"), made, right=(0,))
        )
    answers().print(*shown, *stopped(answer.completeness), sep="\n")


def _moment(state: State) -> str:
    if not state.changeset:
        return "now" if state.changeset is None else "the empty store"
    return f"changeset {state.changeset}"


def _end(labels: Mapping[str, NodeRef], iri: str) -> str:
    return labels[iri].label if iri in labels else compact(iri)


def _span(hops: Iterable[int]) -> str:
    least, most = min(hops), max(hops)
    return str(least) if least == most else f"{least}–{most}"


def _joined(labels: Iterable[str]) -> str:
    *first, last = labels
    return f"{', '.join(first)} and {last}" if first else last


def _listed(labels: list[str], total: int | None = None) -> Text:
    """Name some, and count the rest."""
    rest = (len(labels) if total is None else total) - len(labels[:_NAMES])
    return Text(", ".join(labels[:_NAMES]) + (f" and {rest} more" if rest else ""))
