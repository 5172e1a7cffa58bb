"""What changed, node by node, as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from rich.text import Text

from aimsgraph.cli.tables import counted
from aimsgraph.cli.terminal import answers, say
from aimsgraph.vocab import GENID, GRAPH, SOURCE_GRAPH, compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.model.changeset import Difference, NodeChange, StatementChange
    from aimsgraph.model.node import NodeRef

#: Line breaks, what terminals obey, and what turns the direction of writing.
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


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
    say(
        f"Nothing was written. It would add {counted(len(tried.added), 'statement')} and remove {len(tried.removed)}."
    )


def _heading(node: NodeRef) -> Text:
    type_ = f" ({node.type})" if node.type else ""
    label = _on_one_line(node.label)
    if node.id.startswith(GENID):
        return Text.assemble((f"nameless {label}", "bold"), type_)
    return Text.assemble((label, "bold"), type_, "  ", compact(node.id))


def _on_one_line(text: str) -> str:
    """Spell out line breaks and control characters, so that no text in the store can pass for more lines."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _line(one: StatementChange, with_source: bool) -> str:
    value = _literal(one) if one.value_label is None else f"{one.value_label}  {one.value}"
    source = one.graph.removeprefix(SOURCE_GRAPH).removeprefix(GRAPH)
    text = f"{'+' if one.added else '−'} {one.property}  {value}" + (
        f"  [{unquote(source)}]" if with_source else ""
    )
    return "  " + _on_one_line(text)


def _literal(one: StatementChange) -> str:
    """Write a literal as Turtle does, but a plain text as it is, unless it could pass for one of the others."""
    if one.language is None and one.datatype is None and not one.value.startswith('"'):
        return one.value
    text = one.value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"' + (f"@{one.language}" if one.language else f"^^{one.datatype}" if one.datatype else "")
