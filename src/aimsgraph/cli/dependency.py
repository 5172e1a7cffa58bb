"""Commands that follow dependencies: ``lineage``, ``impact``, ``trace``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aimsgraph.cli import tables
from aimsgraph.cli.narrowing import Walk, filter_options
from aimsgraph.cli.options import date_option, evidence_option, reading_command
from aimsgraph.cli.reason_tables import explanation_tables
from aimsgraph.cli.route_tables import tell_change
from aimsgraph.cli.terminal import answers, print_json, progress

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from aimsgraph.cli.narrowing import Narrowing
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
dimension_option = click.option(
    "--dimension", metavar="NAME", default=None,
    help="Only where this quality gets lost: aims:PrivacyDimension …",
)  # fmt: skip
threats_option = click.option("--threats", is_flag=True, help="Follow risks and incidents too.")


@click.command()
@click.argument("node")
@direction_option
@hops_option
@threats_option
@filter_options
@click.option(
    "--since",
    default=None,
    metavar="MOMENT",
    help="Say what changed since then: a day, an instant, or a changeset's number or hash.",
)
@date_option
@rows_option
@reading_command
def lineage(
    graph: Graph, node: str, direction: Direction, hops: int | None, threats: bool, filters: Narrowing,
    since: str | None, day: date | None, rows: int, as_json: bool,
) -> None:  # fmt: skip
    """Say what NODE comes from, or what comes from it."""
    walk = Walk(direction=direction, hops=hops, threats=threats, filters=graph.filters(**filters), date=day)
    if since is not None:
        tell_change(graph.lineage_change(node, since=since, **walk), as_json, rows)
        return
    with progress("Following dependencies") as report:
        answer = graph.lineage(node, **walk, progress=report)
    if as_json:
        print_json(answer)
    else:
        said = [*tables.hidden(answer), *tables.stopped(answer.completeness)]
        answers().print(tables.lineage_table(answer, rows), *said, sep="\n")


@click.command()
@click.argument("nodes", nargs=-1, required=True, metavar="NODE…")
@hops_option
@dimension_option
@date_option
@evidence_option
@seed_option
@click.option("--why", metavar="TARGET", default=None, help="Explain the probability of this one node.")
@rows_option
@reading_command
def impact(
    graph: Graph, nodes: tuple[str, ...], hops: int | None, dimension: str | None, day: date | None,
    evidence_root: Path | None, seed: int, why: str | None, rows: int, as_json: bool,
) -> None:  # fmt: skip
    """Say what NODE…, were they bad, would hurt, and how likely; with --why, why so."""
    if why is not None:
        explain(graph, nodes, why, hops, dimension, day, evidence_root, seed, rows, as_json)
        return
    with progress("Spreading impact") as report:
        answer = graph.impact(
            *nodes, hops=hops, dimension=dimension, date=day, evidence_root=evidence_root, seed=seed,
            progress=report,
        )  # fmt: skip
    if as_json:
        print_json(answer)
    else:
        answers().print(*tables.impact_tables(answer, rows), *tables.stopped(answer.completeness), sep="\n")


def explain(
    graph: Graph, nodes: tuple[str, ...], target: str, hops: int | None, dimension: str | None, day: date | None,
    evidence_root: Path | None, seed: int, rows: int, as_json: bool,
) -> None:  # fmt: skip
    """Say why one node is hurt with its probability."""
    with progress("Weighing what it hangs on") as report:
        answer = graph.explain_impact(
            *nodes,
            target=target,
            hops=hops,
            dimension=dimension,
            date=day,
            evidence_root=evidence_root,
            seed=seed,
            progress=report,
        )
    if as_json:
        print_json(answer)
    else:
        answers().print(*explanation_tables(answer, rows), sep="\n")


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
