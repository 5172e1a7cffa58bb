"""What a person sees: answers on stdout, progress and messages on stderr."""

from __future__ import annotations

import io
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pydantic import BaseModel

    from aimsgraph.errors import AimsgraphError

    ProgressReport = Callable[[float, float, str], None]

#: Words up to this length (the name of a saved question, say) stay whole in a table that has the room.
WHOLE_WORDS = 40
#: Whole words may take this share of the room.
LEAST_SHARE = 0.85
#: A part of a word longer than this is broken; the later numbers serve where there is less room.
LONGEST_PARTS = (22, 18, 14, 10)
#: Where a long word is broken first: behind these signs.
_PARTS = re.compile(r"(?<=[:/#_-])(?=[^\W\d])")
#: How many of the single faults of an input are printed; the count of the rest is said.
SHOWN_PROBLEMS = 20


def answers() -> Console:
    """Return the console for answers (stdout); it wraps at the terminal's width, or at 120 when piped."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 120, soft_wrap=False)


def as_text(*shown: Table | str) -> str:
    """Return what would be printed, at the width of a pipe and without colours."""
    console = Console(highlight=False, width=120, file=io.StringIO())
    with console.capture() as printed:
        console.print(*shown, sep="\n")
    return printed.get()


def say(message: str) -> None:
    """Print a message on stderr, in one line however wide the terminal is."""
    click.echo(message, err=True)


def complain(error: AimsgraphError) -> None:
    """Print an error as one paragraph on stderr, and below it what it does not say yet: each single fault."""
    click.echo(f"error: {error}", err=True)
    placed = len(error.problems) > 1 and any(problem.path for problem in error.problems)
    if not placed and all(problem.message in str(error) for problem in error.problems):
        return
    for problem in error.problems[:SHOWN_PROBLEMS]:
        click.echo(f"  - {problem}", err=True)
    rest = len(error.problems) - SHOWN_PROBLEMS
    if rest > 0:
        click.echo(f"  … and {rest} more", err=True)


def print_json(answer: BaseModel) -> None:
    """Print a value object as the one JSON object on stdout."""
    click.echo(answer.model_dump_json(indent=2))


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[int] = ()
) -> Table:
    """Lay rows out as a table; the columns numbered in ``right`` are aligned to the right."""
    aligned = set(right)
    cells = [[cell if isinstance(cell, Text) else Text(str(cell)) for cell in row] for row in rows]
    grid = Table(title=title or None, title_justify="left", title_style="bold", header_style="bold")
    shares = _shares([[name, *(row[i].plain for row in cells)] for i, name in enumerate(columns)])
    for index, (name, width) in enumerate(zip(columns, shares, strict=True)):
        side: Literal["right", "left"] = "right" if index in aligned else "left"
        grid.add_column(_broken(Text(name), width), justify=side, overflow="fold", width=width)
    for row in cells:
        grid.add_row(*(_broken(cell, width) for cell, width in zip(row, shares, strict=True)))
    return grid


def _broken(cell: Text, width: int | None) -> Text:
    """Break words too long for the column behind their signs, so that ``skos:broadMatch`` is not cut at random."""
    if width is None or cell.spans or all(len(word) <= width for word in cell.plain.split()):
        return cell
    lines = []
    for word in re.split(r"(\s+)", cell.plain):
        pieces = [""]
        for part in _PARTS.split(word):
            if len(pieces[-1]) + len(part) > width and pieces[-1]:
                pieces.append("")
            pieces[-1] += part
        lines.append("\n".join(pieces) if len(word) > width else word)
    return Text("".join(lines), style=cell.style)


def _shares(columns: Sequence[Sequence[str]]) -> list[int | None]:
    """Return how wide each column is to be, or None for each where all fit as they are.

    A column gets the room of its longest word, or part of one; what is left goes to the columns by how much text
    is in them, so that a sentence does not become a tower beside a column of short codes.
    """
    room = answers().width - 3 * len(columns) - 1
    wanted = [
        max((len(line) for text in texts for line in text.splitlines()), default=1) for texts in columns
    ]
    if sum(wanted) <= room:
        return [None] * len(columns)
    for least in _leasts(columns):
        spare = room - sum(least)
        if spare >= 0:
            break
    else:
        return [None] * len(columns)
    texts = [
        sum(map(len, column)) if want > low else 0
        for column, want, low in zip(columns, wanted, least, strict=True)
    ]
    total = sum(texts) or 1
    return [
        min(want, low + spare * text // total) for want, low, text in zip(wanted, least, texts, strict=True)
    ]


def _leasts(columns: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    """Yield how wide each column is at least: for whole words if some room is left besides, or for parts of words."""
    words = [[word for text in texts for word in text.split()] for texts in columns]
    whole = [min(max(map(len, column), default=1), WHOLE_WORDS) for column in words]
    if sum(whole) <= LEAST_SHARE * (answers().width - 3 * len(columns) - 1):
        yield whole
    parts = [[part for word in column for part in _PARTS.split(word)] for column in words]
    for longest in LONGEST_PARTS:
        yield [min(max(map(len, column), default=1), longest) for column in parts]


@contextmanager
def progress(description: str) -> Iterator[ProgressReport]:
    """Show a progress bar on stderr while the block runs (only where stderr is a terminal).

    Yields a function that takes what is done, the total and a text.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=Console(stderr=True, highlight=False),
        transient=True,
    )
    task = bar.add_task(description, total=None)

    def report(done: float, total: float, text: str) -> None:
        bar.update(task, completed=done, total=total or None, description=text or description)

    if not bar.console.is_terminal:
        yield lambda _done, _total, _text: None
        return
    with bar:
        yield report
