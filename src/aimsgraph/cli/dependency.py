"""Commands that follow dependencies: ``lineage``, ``impact``, ``trace``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aimsgraph.cli import tables
from aimsgraph.cli.options import date_option, evidence_option, reading_command
from aimsgraph.cli.terminal import answers, print_json, progress

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from aimsgraph.engine import Graph
    from aimsgraph.model.lineage import Direction

hops_option = click.option("--hops", type=click.IntRange(1), default=None, help="At most this many hops.")
rows_option = click.option(
    "--rows", type=click.IntRange(1), default=25, show_default=True, help="How many rows the tables show."
)
seed_option = click.option(
    "--seed", type=click.IntRange(0), default=42001, show_default=True, help="Seed of the simulation."
)
direction_option = click.option(
    "--direction", type=click.Choice(["up", "down", "both"]), default="up", show_default=True,
    help="up: what it comes from; down: what comes from it.",
)  # fmt: skip
threats_option = click.option("--threats", is_flag=True, help="Follow risks and incidents too.")


@click.command()
@click.argument("node")
@direction_option
@hops_option
@threats_option
@date_option
@rows_option
@reading_command
def lineage(
    graph: Graph, node: str, direction: Direction, hops: int | None, threats: bool, day: date | None,
    rows: int, as_json: bool,
) -> None:  # fmt: skip
    """Say what NODE comes from, or what comes from it."""
    with progress("Following dependencies") as report:
        answer = graph.lineage(
            node, direction=direction, hops=hops, threats=threats, date=day, progress=report
        )
    if as_json:
        print_json(answer)
    else:
        answers().print(tables.lineage_table(answer, rows), *tables.stopped(answer.completeness), sep="\n")


@click.command()
@click.argument("nodes", nargs=-1, required=True, metavar="NODE…")
@hops_option
@date_option
@evidence_option
@seed_option
@rows_option
@reading_command
def impact(
    graph: Graph, nodes: tuple[str, ...], hops: int | None, day: date | None, evidence_root: Path | None,
    seed: int, rows: int, as_json: bool,
) -> None:  # fmt: skip
    """Say what NODE…, were they bad, would hurt, and how likely."""
    with progress("Spreading impact") as report:
        answer = graph.impact(
            *nodes, hops=hops, date=day, evidence_root=evidence_root, seed=seed, progress=report
        )
    if as_json:
        print_json(answer)
    else:
        answers().print(*tables.impact_tables(answer, rows), *tables.stopped(answer.completeness), sep="\n")


@click.command()
@click.argument("node")
@date_option
@evidence_option
@rows_option
@reading_command
def trace(
    graph: Graph, node: str, day: date | None, evidence_root: Path | None, rows: int, as_json: bool
) -> None:
    """Follow NODE (a clause, control, risk, system or area) to the evidence behind it."""
    with progress("Collecting evidence"):
        answer = graph.trace(node, date=day, evidence_root=evidence_root)
    if as_json:
        print_json(answer)
    else:
        answers().print(*tables.trace_tables(answer, rows), sep="\n")
