"""The command ``risk``."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import click

from aimsgraph.cli.dependency import rows_option, seed_option
from aimsgraph.cli.options import date_option, evidence_option, reading_command
from aimsgraph.cli.risk_tables import risk_tables
from aimsgraph.cli.tables import stopped
from aimsgraph.cli.terminal import answers, print_json, progress
from aimsgraph.model.risk import By

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from aimsgraph.engine import Graph

by_option = click.option(
    "--by", type=click.Choice(get_args(By)), default="risk", show_default=True,
    help="Put the risks together by the systems they come to, by area or by owner.",
)  # fmt: skip


@click.command()
@click.argument("nodes", nargs=-1, metavar="[NODE…]")
@by_option
@date_option
@evidence_option
@seed_option
@rows_option
@reading_command
def risk(
    graph: Graph, nodes: tuple[str, ...], by: By, day: date | None, evidence_root: Path | None,
    seed: int, rows: int, as_json: bool,
) -> None:  # fmt: skip
    """Say how likely risks come true within a year, what they cost, and whether they may stay.

    NODE… are risks, or areas and owners whose risks are meant, or things that the risks can come to; all without any.
    """
    with progress("Assessing risks") as report:
        answer = graph.risks(*nodes, by=by, date=day, evidence_root=evidence_root, seed=seed, progress=report)
    if as_json:
        print_json(answer)
    else:
        answers().print(*risk_tables(answer, rows), *stopped(answer.completeness), sep="\n")
