"""The command that asks: ``query``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aimsgraph import query as questions
from aimsgraph.answers import write
from aimsgraph.cli.options import as_of_option, json_option, opened, store_option
from aimsgraph.cli.terminal import answers, print_json, say, table
from aimsgraph.errors import InputNotReadableError
from aimsgraph.model.question import Catalogue
from aimsgraph.query import Limits

if TYPE_CHECKING:
    from aimsgraph.model.question import SavedQuery

FORMATS = ("table", "csv", "tsv", "json", "xlsx", "parquet", "ttl", "markdown")
BINARY = ("xlsx", "parquet")


@click.command()
@click.argument("name", default="")
@click.option(
    "--param", "-p", "pairs", multiple=True, metavar="KEY=VALUE", help="A parameter; may be repeated."
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default=None, help="Default: a table.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), default=None, help="The file (default: stdout)."
)
@click.option(
    "--explain", is_flag=True, help="Show the question, its parameters and its SPARQL; don't run it."
)
@click.option("--time-limit", default=30.0, show_default=True, type=click.FloatRange(0.1), help="In seconds.")
@click.option("--row-limit", default=100_000, show_default=True, type=click.IntRange(1))
@store_option
@as_of_option
@json_option
def query(
    store: Path | str, as_of: str | None, name: str, pairs: tuple[str, ...], format_: str | None,
    output: Path | None, explain: bool, time_limit: float, row_limit: int, as_json: bool,
) -> None:  # fmt: skip
    """Ask a saved question by NAME, or the SPARQL query in a FILE.rq (or - for stdin); without NAME, list them."""
    if not name:
        list_questions(as_json)
        return
    if explain:
        # What can be asked is known without a store.
        explain_question(questions.find(name), as_json)
        return
    limits = Limits(seconds=time_limit, rows=row_limit)
    result = opened(store, as_of).query(text_of(name), parameters(pairs), limits=limits)
    wanted = "json" if as_json else format_ or (output.suffix.lstrip(".") if output else "table")
    if wanted in BINARY and output is None:
        raise click.UsageError(f"A {wanted} file needs --output FILE.")
    if wanted == "table" and output is None:
        answers().print(table("", result.headings, result.to_table()))
        say(f"{len(result)} rows")
        return
    content = result.render(wanted)
    if output is None:
        click.echo(content, nl=False)
    else:
        write(output, content, wanted)
        say(f"Wrote {output} ({len(content):,} bytes, {len(result)} rows).")


def text_of(name: str) -> str:
    """Return the SPARQL text of a file or of stdin, or the name of a saved question as it is."""
    if name == "-":
        text = sys.stdin.read()
        if not text.strip():
            raise InputNotReadableError("There is no query on stdin.", hint="Pipe or type one: SELECT …")
        return text
    if name.endswith((".rq", ".sparql")):
        try:
            return Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputNotReadableError(
                f"The query file {name} cannot be read: {error}.", hint="It must be a text file in UTF-8."
            ) from error
    return name


def parameters(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return the parameters given as KEY=VALUE."""
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise click.UsageError(f"Write a parameter as KEY=VALUE, not {wrong[0]!r}.")
    return dict(pair.split("=", 1) for pair in pairs)


def list_questions(as_json: bool) -> None:
    """List the saved questions by persona."""
    found = questions.catalogue().values()
    if as_json:
        print_json(Catalogue(queries=tuple(found)))
        return
    rows = [(one.id, ", ".join(one.personas), one.area, one.question) for one in found]
    answers().print(table("", ("name", "for", "area", "question"), rows))
    say("Ask one with `aimsgraph query NAME`; see what it takes with --explain.")


def explain_question(question: SavedQuery, as_json: bool) -> None:
    """Show what a saved question means and takes, and its SPARQL."""
    if as_json:
        print_json(question)
        return
    console = answers()
    console.print(
        f"{question.title}\n{question.question}\nfor: {', '.join(question.personas)}; area: {question.area}"
    )
    if question.params:
        rows = [(p.name, p.type, p.default or "", p.description) for p in question.params]
        console.print(table("parameters", ("name", "type", "default", "meaning"), rows))
    console.print(table("columns", ("name", "meaning"), [(c.name, c.meaning) for c in question.columns]))
    click.echo(question.text)
