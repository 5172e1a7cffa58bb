"""What changed, node by node, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from rich.text import Text

from aimsgraph.cli.terminal import answers, say
from aimsgraph.vocab import GENID, GRAPH, SOURCE_GRAPH, compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.model.changeset import Difference, NodeChange, StatementChange
    from aimsgraph.model.node import NodeRef


def tell_changes(nodes: Sequence[NodeChange]) -> None:
    """Print each node with what went (−) and what came (+); where several sources changed, with the source."""
    console = answers()
    several = len({one.graph for node in nodes for one in node.statements}) > 1
    for changed in nodes:
        console.print(_heading(changed.node))
        for one in changed.statements:
            text = _line(one, several)
            console.print(Text(text, "green" if one.added else "red"), soft_wrap=True)


def tell_trial(nodes: Sequence[NodeChange], tried: Difference) -> None:
    """Print what would change, node by node, and that nothing was written."""
    tell_changes(nodes)
    say(f"Nothing was written. It would add {len(tried.added)} statements and remove {len(tried.removed)}.")


def _heading(node: NodeRef) -> Text:
    type_ = f" ({node.type})" if node.type else ""
    if node.id.startswith(GENID):
        return Text.assemble((f"nameless {node.label}", "bold"), type_)
    return Text.assemble((node.label, "bold"), type_, "  ", compact(node.id))


def _line(one: StatementChange, with_source: bool) -> str:
    value = one.value if one.value_label is None else f"{one.value_label}  {one.value}"
    source = one.graph.removeprefix(SOURCE_GRAPH).removeprefix(GRAPH)
    return f"  {'+' if one.added else '−'} {one.property}  {value}" + (
        f"  [{unquote(source)}]" if with_source else ""
    )
