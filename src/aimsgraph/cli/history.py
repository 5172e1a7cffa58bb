"""Commands about the past: ``log``, ``diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aimsgraph.cli.changes import tell_changes
from aimsgraph.cli.options import graph_command, reading_command
from aimsgraph.cli.terminal import answers, print_json, say, table
from aimsgraph.model.changeset import History
from aimsgraph.store import rdf_patch

if TYPE_CHECKING:
    from aimsgraph.engine import Graph


@click.command()
@click.option("--source", default=None, help="Only changes of this source.")
@click.option("--author", default=None, help="Only changes by this person.")
@click.option("--node", default=None, help="Only changes of what is said of this node.")
@reading_command
def log(graph: Graph, source: str | None, author: str | None, node: str | None, as_json: bool) -> None:
    """List the changes made to the store, oldest first."""
    history = History(changesets=tuple(graph.log(source=source, author=author, node=node)))
    if node is not None and not history.changesets:
        say(f"No such changeset says anything of {node}: is that its name? See: aimsgraph nodes --text TEXT")
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
@click.option(
    "--format", "format_", type=click.Choice(["text", "patch"]), default="text", show_default=True,
    help="Node by node for reading, or RDF Patch.",
)  # fmt: skip
@graph_command
def diff(graph: Graph, older: str, newer: str, format_: str, as_json: bool) -> None:
    """Say what changed from OLDER to NEWER.

    Each is a changeset's number or the start of its hash, a day (2026-03-03, its end), an instant, or head; 0 is the
    empty store.
    """
    difference = graph.diff(older, newer)
    if as_json:
        print_json(difference)
    elif format_ == "patch":
        click.echo(rdf_patch(difference), nl=False)
    else:
        tell_changes(graph.by_node(difference))
    say(f"{len(difference.added)} added, {len(difference.removed)} removed")
