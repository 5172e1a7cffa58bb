"""The command that says which nodes reach the most others: ``blast-radius``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from aimsgraph.cli.dependency import threats_option
from aimsgraph.cli.options import date_option, reading_command
from aimsgraph.cli.terminal import answers, print_json, progress, table
from aimsgraph.render.text import percent
from aimsgraph.vocab import compact

if TYPE_CHECKING:
    from datetime import date

    from rich.table import Table

    from aimsgraph.engine import Graph
    from aimsgraph.model.blast import BlastRadius


@click.command("blast-radius")
@click.option(
    "--direction", type=click.Choice(["down", "up"]), default="down", show_default=True,
    help="down: what is built on each node; up: what each node comes from.",
)  # fmt: skip
@click.option("--rows", type=click.IntRange(1), default=25, show_default=True, help="How many nodes to name.")
@threats_option
@date_option
@reading_command
def blast_radius(
    graph: Graph, direction: Literal["up", "down"], rows: int, threats: bool, day: date | None, as_json: bool
) -> None:
    """Say which nodes reach the most others: where a fault would spread the furthest."""
    with progress("Counting what each node reaches"):
        answer = graph.blast_radius(direction=direction, rows=rows, threats=threats, date=day)
    if as_json:
        print_json(answer)
    else:
        answers().print(_table(answer), *_said(answer), sep="\n")


def _table(answer: BlastRadius) -> Table:
    cells = [(node.reaches, node.label, node.type, compact(node.id)) for node in answer.nodes]
    down = answer.direction == "down"
    title = "What the most others come from" if down else "What comes from the most others"
    return table(title, ("nodes", "label", "type", "name"), cells, right=(0,))


def _said(answer: BlastRadius) -> list[str]:
    said = [f"… and {answer.left_out} more (--rows)."] if answer.left_out else []
    if answer.method == "estimate":
        said.append(
            "These numbers are exact; which nodes to show was decided by an estimate for all "
            f"{answer.completeness.nodes}, whose standard error is {percent(answer.relative_error)}."
        )
    return said
