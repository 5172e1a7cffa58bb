"""Commands that write the graph out for other tools: ``export parquet``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aimsgraph.cli.options import date_option, graph_command
from aimsgraph.cli.terminal import print_json, progress, say

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.engine import Graph


@click.group()
def export() -> None:
    """Write the graph out for other tools."""


@export.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--without-statements", is_flag=True, help="Write nodes and edges, and not every statement.")
@click.option(
    "--page", type=click.IntRange(1), default=None, help="Ask a server for so many rows at a time, at most."
)
@date_option
@graph_command
def parquet(
    graph: Graph, folder: Path, without_statements: bool, page: int | None, day: date | None, as_json: bool
) -> None:
    """Write nodes, edges and statements as Parquet files into the new folder DIR."""
    with progress("Reading the store") as report:
        answer = graph.export_parquet(
            folder, statements=not without_statements, page=page, date=day, progress=report
        )
    if as_json:
        print_json(answer)
        return
    for table in answer.tables:
        say(f"{table.path}: {table.rows:,} rows, {table.bytes:,} bytes.")
