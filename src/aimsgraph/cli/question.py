"""The command that asks: ``query``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aimsgraph import query as questions
from aimsgraph.answers import write
from aimsgraph.cli.catalogue import check_questions, explain_question, list_questions
from aimsgraph.cli.options import as_of_option, date_option, json_option, opened, queries_option, store_option
from aimsgraph.cli.terminal import answers, say, table
from aimsgraph.errors import InputNotReadableError
from aimsgraph.model.question import AREAS, PERSONAS
from aimsgraph.query import BINARY, ENDINGS, FORMS, Limits

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]")
@click.option(
    "--param", "-p", "pairs", multiple=True, metavar="KEY=VALUE", help="A parameter; may be repeated."
)
@click.option(
    "--format", "format_", type=click.Choice([*FORMS, *ENDINGS]), default=None, help="Default: a table."
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), default=None, help="The file (default: stdout)."
)
@click.option(
    "--explain", is_flag=True, help="Show the question, its parameters and its SPARQL; don't run it."
)
@click.option(
    "--check",
    "checking",
    is_flag=True,
    help="Check saved questions, also those in FOLDERs named instead of NAME.",
)
@queries_option
@click.option("--persona", type=click.Choice(PERSONAS), default=None, help="List only those for this reader.")
@click.option(
    "--area",
    type=click.Choice(AREAS),
    metavar="AREA",
    default=None,
    help="List only those of this control area.",
)
@click.option("--text", default=None, help="List only those with these words in name, title or question.")
@click.option("--time-limit", default=30.0, show_default=True, type=click.FloatRange(0.1), help="In seconds.")
@click.option("--row-limit", default=100_000, show_default=True, type=click.IntRange(1))
@store_option
@as_of_option
@date_option
@json_option
def query(
    store: Path | str, as_of: str | None, names: tuple[str, ...], pairs: tuple[str, ...], format_: str | None,
    output: Path | None, explain: bool, checking: bool, queries: tuple[Path, ...], persona: str | None,
    area: str | None, text: str | None, time_limit: float, row_limit: int, day: date | None, as_json: bool,
) -> None:  # fmt: skip
    """Ask a saved question by NAME, or the SPARQL query in a FILE.rq (or - for stdin); without NAME, list them."""
    if checking:
        check_questions([*queries, *map(Path, names)], as_json)
        return
    if len(names) > 1:
        raise click.UsageError(f"One question at a time: {names[0]!r} or {names[1]!r}?")
    if not names:
        list_questions(
            questions.matching(questions.catalogue(queries), persona=persona, area=area, text=text), as_json
        )
        return
    if explain:
        # What can be asked is known without a store.
        explain_question(questions.find(names[0], queries), as_json)
        return
    limits = Limits(seconds=time_limit, rows=row_limit)
    result = opened(store, as_of).query(
        text_of(names[0]), parameters(pairs), limits=limits, date=day, queries=queries
    )
    named = format_ or (output.suffix.lstrip(".") if output else "table")
    wanted = "json" if as_json else questions.form_named(named)
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
