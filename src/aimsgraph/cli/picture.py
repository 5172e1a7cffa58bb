"""Commands that write files to look at: ``diagram``, ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aimsgraph.answers import write
from aimsgraph.cli.dependency import dimension_option, hops_option, threats_option
from aimsgraph.cli.narrowing import filter_options
from aimsgraph.cli.options import date_option, evidence_option, reading_command
from aimsgraph.cli.terminal import print_json, progress, say
from aimsgraph.errors import MissingExtraError
from aimsgraph.render.diagram import COLLAPSES, FORMATS, format_named

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.cli.narrowing import Narrowing
    from aimsgraph.engine import Graph
    from aimsgraph.model.lineage import Direction
    from aimsgraph.model.node import WrittenFile
    from aimsgraph.render.diagram import Collapse


@click.command()
@click.argument("node")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), default=None, help="The file (default: stdout)."
)
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default=None, help="Default: by the file's name."
)
@click.option("--direction", type=click.Choice(["up", "down", "both"]), default="both", show_default=True)
@hops_option
@threats_option
@filter_options
@click.option("--impact", "as_impact", is_flag=True, help="Draw what NODE would hurt, with probabilities.")
@dimension_option
@click.option(
    "--collapse",
    type=click.Choice(COLLAPSES),
    default=None,
    help="One box per type, per AI system (with what only it stands on), or per node. "
    "Default: per type above 300 nodes; graphml and cytoscape hold every node.",
)
@date_option
@reading_command
def diagram(
    graph: Graph, node: str, output: Path | None, format_: str | None, direction: Direction, hops: int | None,
    threats: bool, filters: Narrowing, as_impact: bool, dimension: str | None, collapse: Collapse | None,
    day: date | None, as_json: bool,
) -> None:  # fmt: skip
    """Draw the dependencies around NODE. Above 300 nodes the picture shows one box per type."""
    wanted = format_named(format_ or (output.suffix.lstrip(".") if output else "svg"))
    with progress("Drawing") as report:
        picture = graph.diagram(
            node, direction=direction, hops=hops, threats=threats, filters=graph.filters(**filters),
            impact=as_impact, dimension=dimension, collapse=collapse, date=day, progress=report,
        )  # fmt: skip
        try:
            content = picture.render(wanted)
        except MissingExtraError as missing:
            # The picture's text is better than nothing; whoever has Graphviz can still draw it.
            say(f"{missing} The DOT text is written instead.")
            content, wanted = picture.render("dot"), "dot"
            output = output.with_suffix(".dot") if output else None
    if output is None:
        click.echo(content, nl=False)
        return
    tell(write(output, content, wanted), as_json)


@click.command()
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), default=Path("report.html"), show_default=True
)
@click.option("--lineage", metavar="NODE", default=None, help="Add what this node comes from.")
@click.option("--impact", metavar="NODE", default=None, help="Add what this node would hurt.")
@click.option("--trace", metavar="NODE", default=None, help="Add the evidence behind this node.")
@date_option
@evidence_option
@reading_command
def report(
    graph: Graph, output: Path, lineage: str | None, impact: str | None, trace: str | None,
    day: date | None, evidence_root: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Write the state of the management system as one HTML page."""
    with progress("Writing the report"):
        page = graph.report(
            lineage=lineage, impact=impact, trace=trace, date=day, evidence_root=evidence_root
        )
    tell(page.save(output), as_json)


def tell(written: WrittenFile, as_json: bool) -> None:
    """Say what was written."""
    if as_json:
        print_json(written)
    else:
        say(f"Wrote {written.path} ({written.bytes:,} bytes).")
