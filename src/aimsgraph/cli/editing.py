"""Commands that change what is in a store: ``update``, ``remove``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aimsgraph.cli.changes import tell_trial
from aimsgraph.cli.options import author_option, dry_run_option, gate_option, graph_command
from aimsgraph.cli.terminal import print_json
from aimsgraph.errors import InputNotReadableError
from aimsgraph.query import Limits

if TYPE_CHECKING:
    from aimsgraph.engine import Graph
    from aimsgraph.gated import FailOn
    from aimsgraph.model.changeset import Edit

message_option = click.option("--message", "-m", default=None, help="Why, for the history.")


@click.command()
@click.argument("file")
@message_option
@author_option
@gate_option
@dry_run_option
@click.option("--time-limit", default=30.0, show_default=True, type=click.FloatRange(0.1), help="In seconds.")
@click.option("--row-limit", default=100_000, show_default=True, type=click.IntRange(1))
@graph_command
def update(
    graph: Graph, file: str, message: str | None, author: str | None, gate: FailOn | None, dry_run: bool,
    time_limit: float, row_limit: int, as_json: bool,
) -> None:  # fmt: skip
    """Carry out the SPARQL update in FILE (or - for stdin) as one changeset: all of it or nothing.

    What is inserted outside GRAPH goes to the graph of edits, what is deleted outside GRAPH from every source
    that states it (docs/editing.md).
    """
    text, source = update_text(file), None if file == "-" else Path(file).as_posix()
    limits = Limits(seconds=time_limit, rows=row_limit)

    def work(there: Graph, dry_run: bool = False) -> Edit:
        return there.update(
            text, source=source, message=message, author=author, dry_run=dry_run, limits=limits
        )

    if gate is not None:
        edit = graph.write(work, fail_on=gate, dry_run=dry_run)
    if gate is None or dry_run:
        edit = work(graph, dry_run)
    _tell(graph, edit, as_json)


@click.command()
@click.argument("sources", nargs=-1, required=True)
@message_option
@author_option
@dry_run_option
@graph_command
def remove(
    graph: Graph,
    sources: tuple[str, ...],
    message: str | None,
    author: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Remove what SOURCES state, each as one changeset: all of them or none.

    A source is named as in `aimsgraph log`, or by the IRI of its graph. The history keeps what was removed.
    """
    edit = graph.remove(*sources, message=message, author=author, dry_run=dry_run)
    _tell(graph, edit, as_json)


def _tell(graph: Graph, edit: Edit, as_json: bool) -> None:
    """Print what an edit would change node by node, or what it has changed in short."""
    if as_json:
        print_json(edit)
        return
    if edit.dry_run:
        tell_trial(graph.by_node(edit.difference), edit.difference)
        return
    for one in edit.changesets:
        click.echo(f"Changeset {one.number}: {one.added} added, {one.removed} removed. {one.message}")
    if not edit.changesets:
        click.echo("Nothing to change: everything is so already.")


def update_text(file: str) -> str:
    """Return the SPARQL update in a file, or on stdin for ``-``."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputNotReadableError(
            f"The update {file} cannot be read: {error}.", hint="It must be a text file in UTF-8."
        ) from error
    if not text.strip():
        raise InputNotReadableError(f"There is no update in {file}.", hint="Write one: INSERT DATA { … }")
    return text
