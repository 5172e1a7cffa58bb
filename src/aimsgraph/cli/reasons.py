"""Commands that ask about the answers: ``fix-first``, ``what-if``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aimsgraph.cli.dependency import hops_option, rows_option, seed_option
from aimsgraph.cli.editing import update_text
from aimsgraph.cli.options import date_option, evidence_option, graph_command, reading_command
from aimsgraph.cli.reason_tables import fix_tables, what_if_tables
from aimsgraph.cli.terminal import answers, print_json, progress, say

if TYPE_CHECKING:
    from datetime import date

    from aimsgraph.engine import Graph
    from aimsgraph.model.lineage import Direction
    from aimsgraph.trace.fixing import By


@click.command(name="fix-first")
@click.argument("nodes", nargs=-1, metavar="[NODE…]")
@click.option("--most", type=click.IntRange(1), default=10, show_default=True, help="How many things to do.")
@click.option(
    "--by", type=click.Choice(["harm", "loss"]), default="harm", show_default=True,
    help="Rank by the probability of harm, or by the expected loss, that is removed.",
)  # fmt: skip
@date_option
@evidence_option
@seed_option
@reading_command
def fix_first(
    graph: Graph, nodes: tuple[str, ...], most: int, by: By, day: date | None, evidence_root: Path | None,
    seed: int, as_json: bool,
) -> None:  # fmt: skip
    """Rank what to fix by the assured risk it would remove: over all risks, or those of NODE…."""
    with progress("Weighing what could be done") as report:
        answer = graph.fix_first(
            *nodes, most=most, by=by, date=day, evidence_root=evidence_root, seed=seed, progress=report
        )
    if as_json:
        print_json(answer)
    else:
        answers().print(*fix_tables(answer), sep="\n")


@click.command(name="what-if")
@click.argument("nodes", nargs=-1, metavar="[NODE…]")
@click.option(
    "--add", type=click.Path(path_type=Path), multiple=True, metavar="FILE", help="Load this RDF file."
)
@click.option("--update", "file", metavar="FILE", default=None, help="A SPARQL update (- for stdin).")
@click.option(
    "--switch", "switches", metavar="A=B", multiple=True, help="Let what depends on A depend on B instead."
)
@click.option(
    "--remove-node", "removed", metavar="NODE", multiple=True, help="Withdraw NODE and all said of it."
)
@click.option("--lineage", metavar="NODE", default=None, help="Compare the lineage of this node too.")
@click.option(
    "--direction", type=click.Choice(["up", "down", "both"]), default=None,
    help="Of that lineage (default: up).",
)  # fmt: skip
@click.option("--validate/--no-validate", default=True, show_default=True, help="Compare the findings.")
@hops_option
@date_option
@evidence_option
@seed_option
@rows_option
@graph_command
def what_if(
    graph: Graph, nodes: tuple[str, ...], add: tuple[Path, ...], file: str | None, switches: tuple[str, ...],
    removed: tuple[str, ...], lineage: str | None, direction: Direction | None, validate: bool, hops: int | None,
    day: date | None, evidence_root: Path | None, seed: int, rows: int, as_json: bool,
) -> None:  # fmt: skip
    """Show what a change would do, beside what is so today; nothing is written.

    NODE… are taken to go wrong on both sides. Changes are made in the order of the options above.
    """
    if not (add or file or switches or removed):
        raise click.UsageError("Say what to change: --add, --update, --switch or --remove-node.")
    with progress("Trying it out") as report:
        answer = graph.what_if(
            *nodes, add=add, update=update_text(file) if file else None, switch=pairs(switches),
            remove_nodes=removed, lineage=lineage, direction=direction, hops=hops, validate=validate, date=day,
            evidence_root=evidence_root, seed=seed, progress=report,
        )  # fmt: skip
    if as_json:
        print_json(answer)
    else:
        answers().print(*what_if_tables(answer, rows), sep="\n")
        say("Nothing was written.")


def pairs(switches: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return both nodes of each A=B; an IRI may hold more signs like that one, so the CURIE or label is safer."""
    found = [(one, other) for one, _, other in (text.partition("=") for text in switches)]
    for text, (one, other) in zip(switches, found, strict=True):
        if not one or not other:
            raise click.UsageError(f"Write a switch as A=B, not {text!r}.")
    return found
