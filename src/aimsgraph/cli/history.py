"""Commands about the past: ``log``, ``diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aimsgraph.cli.options import graph_command
from aimsgraph.cli.terminal import answers, print_json, table
from aimsgraph.model.changeset import History

if TYPE_CHECKING:
    from aimsgraph.engine import Graph


@click.command()
@click.option("--source", default=None, help="Only changes of this source.")
@click.option("--author", default=None, help="Only changes by this person.")
@graph_command
def log(graph: Graph, source: str | None, author: str | None, as_json: bool) -> None:
    """List the changes made to the store, oldest first."""
    history = History(changesets=tuple(graph.log(source=source, author=author)))
    if as_json:
        print_json(history)
        return
    rows = [
        (c.number, c.time.isoformat(timespec="seconds"), c.author, f"+{c.added} −{c.removed}",
         c.source or "", c.message, c.hash.removeprefix("sha256:")[:12])
        for c in history.changesets
    ]  # fmt: skip
    answers().print(
        table("", ("no", "time", "author", "change", "source", "message", "hash"), rows, right=(0, 3))
    )


@click.command()
@click.argument("older")
@click.argument("newer", default="head")
@graph_command
def diff(graph: Graph, older: str, newer: str, as_json: bool) -> None:
    """Say what changed from changeset OLDER to NEWER (numbers, or the start of a hash; 0 is the empty store)."""
    difference = graph.diff(older, newer)
    if as_json:
        print_json(difference)
        return
    for line in difference.removed:
        click.echo(f"- {line}")
    for line in difference.added:
        click.echo(f"+ {line}")
    click.echo(f"{len(difference.added)} added, {len(difference.removed)} removed", err=True)
