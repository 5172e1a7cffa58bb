"""Commands about the shape of what depends on what: ``paths``, ``common``, ``cycles``, ``weak-points``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from aimsgraph.cli import route_tables
from aimsgraph.cli.dependency import hops_option, rows_option, threats_option
from aimsgraph.cli.narrowing import along_option, shown_options
from aimsgraph.cli.options import date_option, reading_command
from aimsgraph.cli.terminal import progress

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from aimsgraph.cli.narrowing import Narrowing
    from aimsgraph.engine import Graph

Command = TypeVar("Command", bound="Callable[..., Any]")


def most_option(default: int) -> Callable[[Command], Command]:
    """Return the option for how many are told."""
    return click.option(
        "--most", type=click.IntRange(1), default=default, show_default=True, help="At most so many."
    )


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@hops_option
@most_option(25)
@along_option
@threats_option
@date_option
@reading_command
def paths(
    graph: Graph, source: str, target: str, hops: int | None, most: int, along: tuple[str, ...], threats: bool,
    day: date | None, as_json: bool,
) -> None:  # fmt: skip
    """Say along which ways FROM feeds into TO.

    The fewest hops first. When there are more ways than these, the answer says so.
    """
    with progress("Looking for ways"):
        answer = graph.paths(
            source,
            target,
            hops=hops,
            most=most,
            threats=threats,
            filters=graph.filters(along=along),
            date=day,
        )
    route_tables.tell_paths(answer, as_json)


@click.command()
@click.argument("nodes", nargs=-1, metavar="[NODE…]")
@click.option("--of", multiple=True, metavar="CLASS", help="Ask of all nodes of this class; may be repeated.")
@click.option(
    "--least", type=click.IntRange(2), default=None,
    help="Shared by at least so many (default: by all that are named, by 2 of a class).",
)  # fmt: skip
@most_option(1000)
@shown_options
@date_option
@rows_option
@reading_command
def common(
    graph: Graph, nodes: tuple[str, ...], of: tuple[str, ...], least: int | None, most: int,
    filters: Narrowing, day: date | None, rows: int, as_json: bool,
) -> None:  # fmt: skip
    """Say what NODE… have upstream in common.

    That is: which suppliers, models or data they share. With --of in the place of NODE, what at least two nodes of
    a class share. A risk stands for what it threatens.
    """
    with progress("Going upstream") as report:
        answer = graph.common(
            *nodes, of=of, least=least, most=most, filters=graph.filters(**filters), date=day, progress=report
        )
    route_tables.tell_shared(answer, as_json, rows)


@click.command()
@shown_options
@date_option
@rows_option
@reading_command
def cycles(graph: Graph, filters: Narrowing, day: date | None, rows: int, as_json: bool) -> None:
    """Say what depends, in the end, on itself."""
    with progress("Looking for circles"):
        answer = graph.cycles(filters=graph.filters(**filters), date=day)
    route_tables.tell_cycles(answer, as_json, rows)


@click.command()
@click.argument("node", required=False)
@click.option(
    "--of",
    multiple=True,
    metavar="CLASS",
    help="Without NODE: cut off nodes of this class (default: systems, processes, affected parties); may be repeated.",
)
@most_option(100)
@shown_options
@date_option
@rows_option
@reading_command
def weak_points(
    graph: Graph, node: str | None, of: tuple[str, ...], most: int, filters: Narrowing, day: date | None,
    rows: int, as_json: bool,
) -> None:  # fmt: skip
    """Say what NODE would be cut off without.

    These are the single nodes that every way from some of its origins leads through, those first that cut off most
    origins. Without NODE: the single nodes that every way from any origin to a system, process or affected party leads
    through.
    """
    with progress("Looking for weak points"):
        answer = graph.weak_points(node, of=of, most=most, filters=graph.filters(**filters), date=day)
    route_tables.tell_weak_points(answer, as_json, rows)
