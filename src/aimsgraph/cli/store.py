"""Commands that make and fill a store: ``init``, ``load``, ``import``, ``nodes``."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

import aimsgraph
from aimsgraph.cli import tables
from aimsgraph.cli.changes import tell_trial
from aimsgraph.cli.options import (
    author_option,
    dry_run_option,
    evidence_option,
    graph_command,
    reading_command,
    store_option,
)
from aimsgraph.cli.terminal import answers, print_json, progress, say, table
from aimsgraph.model.changeset import Loaded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aimsgraph.engine import Graph
    from aimsgraph.model.changeset import LoadedFile

PROBLEMS_SHOWN = 30


@click.command()
@store_option
@evidence_option
def init(store: Path | str, evidence_root: Path | None) -> None:
    """Make an empty store, with the ontology in it."""
    graph = aimsgraph.init(store, evidence_root=evidence_root)
    say(
        f"Made the store {graph.place} with the ontology ({graph.view().count()} triples). "
        "Next: aimsgraph load FILE… or aimsgraph import csv FILE."
    )


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format", "format_", default=None, help="The format of all files, when their names do not tell."
)
@click.option("--keep-going", is_flag=True, help="Load the good files even when others are faulty.")
@click.option("--message", "-m", default=None, help="Why, for the history.")
@author_option
@dry_run_option
@graph_command
def load(
    graph: Graph,
    files: tuple[Path, ...],
    format_: str | None,
    keep_going: bool,
    message: str | None,
    author: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Load RDF FILES (Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML; also .gz).

    Each file is a source with a graph of its own: loading it again replaces what it said before. When a file
    is faulty, nothing is loaded.
    """
    with written_to(graph, dry_run) as target, progress("Loading") as report:
        loaded = target.load(
            *files, format=format_, keep_going=keep_going, message=message, author=author, progress=report
        )
        _show(target, loaded, as_json, graph if dry_run else None)


@contextmanager
def written_to(graph: Graph, dry_run: bool) -> Iterator[Graph]:
    """Give the graph that a command writes to: the store itself, or a trial of it."""
    if not dry_run:
        yield graph
        return
    with graph.trial() as trial:
        yield trial


def _show(graph: Graph, loaded: Sequence[LoadedFile], as_json: bool, before: Graph | None) -> None:
    """Say what loading did, or what it would do to the state ``before``."""
    ours = graph.read_as_ours()
    tried = None if before is None else graph.diff(before.view().snapshot)
    if as_json:
        print_json(Loaded(files=tuple(loaded), read_as_ours=ours, tried=tried))
        return
    rows = [(one.path, one.format, one.triples, one.added, one.removed) for one in loaded]
    answers().print(table("", ("file", "format", "triples", "added", "removed"), rows, right=(2, 3, 4)))
    if ours:
        counts = ", ".join(f"{number} {name}" for name, number in ours.items())
        say(f"In the inventory by inference, from the words of others: {counts} (docs/inference.md).")
    if tried is not None:
        tell_trial(graph.by_node(tried), tried)


@click.group(name="import")
def import_() -> None:
    """Import a table or a foreign format."""


@import_.command(name="csv")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    default="risk-register",
    show_default=True,
    help="The column mapping: the name of one of ours, or a file (CSVW metadata, see docs/import-csv.md).",
)
@click.option("--encoding", default=None, help="The file's encoding (default: found out; UTF-8 expected).")
@click.option("--message", "-m", default=None, help="Why, for the history.")
@author_option
@dry_run_option
@graph_command
def import_table(
    graph: Graph,
    file: Path,
    mapping: str,
    encoding: str | None,
    message: str | None,
    author: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import a spreadsheet register saved as CSV."""
    with written_to(graph, dry_run) as target:
        done = target.import_csv(file, mapping=mapping, encoding=encoding, message=message, author=author)
        tried = target.diff(graph.view().snapshot) if dry_run else None
        changes = [] if tried is None else target.by_node(tried)
    if tried is not None:
        done = done.model_copy(update={"tried": tried})
    if as_json:
        print_json(done)
        return
    answers().print(
        f"{done.path}: {done.rows} rows, {done.nodes} nodes, {done.triples} triples by mapping {done.mapping}.\n"
        f"Columns used: {', '.join(done.used_columns) or 'none'}.\n"
        f"Columns not used: {', '.join(done.unused_columns) or 'none'}."
    )
    if done.problems:
        answers().print(*tables.problem_table(done.problems, PROBLEMS_SHOWN), sep="\n")
    if tried is not None:
        tell_trial(changes, tried)


@import_.command(name="ai-atlas-nexus")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--keep-going", is_flag=True, help="Import the good files even when others are faulty.")
@click.option("--message", "-m", default=None, help="Why, for the history.")
@author_option
@dry_run_option
@graph_command
def import_atlas(
    graph: Graph,
    files: tuple[Path, ...],
    keep_going: bool,
    message: str | None,
    author: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import FILES of AI Atlas Nexus: its knowledge graph, or use cases of your own in its YAML.

    Systems, models and datasets come into the inventory as such; risks, controls and actions as kinds of risk and
    kinds of control (see docs/inference.md). Importing a file again replaces what it said before.
    """
    with written_to(graph, dry_run) as target, progress("Importing") as report:
        imported = target.import_records(
            *files,
            mapping="ai-atlas-nexus",
            keep_going=keep_going,
            message=message,
            author=author,
            progress=report,
        )
        _show(target, imported, as_json, graph if dry_run else None)


@click.command()
@click.option(
    "--type", "type_", default=None, help="Only nodes of this class, such as aims:Risk, or one below it."
)
@click.option(
    "--text",
    default=None,
    help="Only nodes with these words, or words that begin so, in labels and descriptions; the best fitting first.",
)
@click.option("--area", default=None, help="Only nodes in this control area.")
@click.option("--owner", default=None, help="Only nodes of this owner.")
@click.option("--status", default=None, help="Only nodes with this implementation status or lifecycle stage.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--after", default=None, help="The next page: what the last one gave as next, or an IRI.")
@reading_command
def nodes(graph: Graph, type_: str | None, limit: int, as_json: bool, **wanted: str | None) -> None:
    """List the nodes of the graph with their names."""
    page = graph.node_page(type=type_, limit=limit, **wanted)
    if as_json:
        print_json(page)
        return
    answers().print(table("", ("label", "type", "IRI"), [(n.label, n.type, n.id) for n in page.nodes]))
    if page.next:
        say(f"There are more: --after {page.next}")
