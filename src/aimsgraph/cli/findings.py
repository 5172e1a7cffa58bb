"""How findings are told: as a table, or in the form of another tool, on stdout or in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import click

from aimsgraph.answers import FINDINGS_FORMATS, FindingsFormat, write
from aimsgraph.cli import tables
from aimsgraph.cli.terminal import answers, as_text, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.answers import ValidationAnswer

Form = FindingsFormat | Literal["table"]
FORMS: Final = ("table", *FINDINGS_FORMATS)
#: Endings of files that are not the name of the form that they stand for.
ENDINGS: Final = {"xml": "junit", "htm": "html"}


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--format`` and ``--output`` to a command."""
    form = click.option(
        "--format",
        "format_",
        type=click.Choice(FORMS),
        default=None,
        help="Default: by the file's name, else a table.",
    )
    output = click.option(
        "--output",
        "-o",
        type=click.Path(path_type=Path, dir_okay=False),
        default=None,
        help="The file (default: stdout).",
    )
    return form(output(command))


def form_of(format_: str | None, output: Path | None, as_json: bool) -> Form:
    """Return the form that the options ask for.

    :raises click.UsageError: ``--json`` and ``--format`` contradict each other.
    """
    if as_json and format_ not in (None, "json"):
        raise click.UsageError(f"Give --json or --format {format_}, not both.")
    ending = output.suffix.lstrip(".").lower() if output else ""
    named = "json" if as_json else format_ or ENDINGS.get(ending, ending)
    return cast("Form", named) if named in FORMS else "table"


def tell(answer: ValidationAnswer, form: Form, output: Path | None, rows: int, by: str) -> None:
    """Print a report, or write it to a file, whole or not at all.

    A table shows so many ``rows``, and how complete each area, owner or requirement is.
    """
    if form == "table":
        shown = tables.validation_tables(answer, rows, by)
        if output is None:
            answers().print(*shown, sep="\n")
            return
        text = as_text(*shown)
    else:
        text = answer.render(form)
    if output is None:
        click.echo(text, nl=False)
        return
    written = write(output, text.encode(), form)
    say(f"Wrote {written.path} ({written.bytes:,} bytes, {len(answer.findings)} findings).")
