"""What to mend first, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimsgraph.cli.tables import more
from aimsgraph.cli.terminal import answers, print_json, table
from aimsgraph.render.text import percent

if TYPE_CHECKING:
    from aimsgraph.model.mending import Mending, Mendings

#: How many nodes of one piece of work are named.
_NAMED = 3


def tell_mendings(answer: Mendings, as_json: bool, rows: int) -> None:
    """Print the work of each owner, what lifts completeness most first."""
    if as_json:
        print_json(answer)
        return
    cells = [
        (
            one.owner_label or "nobody",
            f"+{percent(one.lift, 2)}",
            _nodes(one),
            one.fix or one.label,
            one.requirement or "",
        )
        for one in answer.mendings[:rows]
    ]
    now = percent(answer.passed / answer.applicable) if answer.applicable else "not assessed"
    title = f"What to mend first ({answer.passed} of {answer.applicable} checks passed, {now})"
    answers().print(
        table(title, ("owner", "lifts", "nodes", "how to mend it", "asked by"), cells, right=(1,)),
        *more(min(rows, len(answer.mendings)), len(answer.mendings)),
        sep="\n",
    )


def _nodes(one: Mending) -> str:
    named = ", ".join(node.label for node in one.nodes[:_NAMED])
    return named + (f" and {len(one.nodes) - _NAMED} more" if len(one.nodes) > _NAMED else "")
