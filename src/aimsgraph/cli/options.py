"""Options that several commands share."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

import aimsgraph
from aimsgraph.errors import StoreNotFoundError
from aimsgraph.store import is_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.engine import Graph

P = ParamSpec("P")
R = TypeVar("R")

STORE_VARIABLE = "AIMSGRAPH_STORE"
QUERIES_VARIABLE = "AIMSGRAPH_QUERIES"
DEFAULT_STORE = "aims.store"
DEMO_STORE = Path("aimsgraph-demo", "meridian.store")


class Day(click.ParamType[date]):
    """A calendar day, written 2026-09-30."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day, or fail with what was expected."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2026-09-30", param, ctx)


class StorePlace(click.ParamType[Path | str]):
    """The folder of a store, or the address of a SPARQL endpoint."""

    name = "PATH|URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:  # noqa: ARG002 - click's own signature
        """Return the folder as a path; an address stays a text."""
        return value if isinstance(value, Path) or is_address(value) else Path(value)


store_option = click.option(
    "--store",
    "store",
    type=StorePlace(),
    envvar=STORE_VARIABLE,
    default=DEFAULT_STORE,
    show_default=True,
    show_envvar=True,
    help="The folder of the store, or the server that holds it: its SPARQL address (http://HOST/query), "
    "or a server.toml.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
date_option = click.option(
    "--date",
    "day",
    type=Day(),
    default=None,
    help="Judge dates as on this day (default: the graph's reference date, else today).",
)
evidence_option = click.option(
    "--evidence",
    "evidence_root",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="The folder of the evidence files, to check their hashes (default: the one the store remembers).",
)
author_option = click.option("--author", default=None, help="Who makes this change (default: you).")


as_of_option = click.option(
    "--as-of",
    "as_of",
    metavar="MOMENT",
    default=None,
    help="See the store as it was: at the end of a day (2026-03-03), at an instant (2026-03-03T12:00Z), or after a "
    "changeset (its number, or the start of its hash).",
)

queries_option = click.option(
    "--queries",
    "queries",
    type=click.Path(path_type=Path),
    multiple=True,
    envvar=QUERIES_VARIABLE,
    show_envvar=True,
    metavar="FOLDER",
    help="A folder of further saved questions; may be repeated.",
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would change, and write nothing.")


def opened(store: Path | str, as_of: str | None = None) -> Graph:
    """Open a store; where none stands, the error names the one that lies below the working directory.

    :raises StoreNotFoundError: there is none.
    """
    try:
        return aimsgraph.open(store, as_of=as_of)
    except StoreNotFoundError as error:
        near = _nearby()
        if near is None or Path(store).exists():
            raise
        hint = f"{error.hint} or use the one there is with: --store {near.as_posix()}"
        raise StoreNotFoundError(error.message, hint=hint) from error


def _nearby() -> Path | None:
    """Return the store that ``aimsgraph demo`` makes, else the only one in this folder or in a folder of it."""
    if DEMO_STORE.is_dir():
        return DEMO_STORE
    here = Path()
    found = [path for pattern in ("*.store", "*/*.store") for path in here.glob(pattern) if path.is_dir()]
    return found[0] if len(found) == 1 else None


def reading_command(function: Callable[..., R]) -> Callable[..., R]:
    """Add ``--store``, ``--as-of`` and ``--json`` to a command and hand it the opened graph as ``graph``."""

    @store_option
    @as_of_option
    @json_option
    @functools.wraps(function)
    def command(store: Path | str, as_of: str | None, **words: Any) -> R:
        return function(graph=opened(store, as_of), **words)

    return command


def graph_command(function: Callable[..., R]) -> Callable[..., R]:
    """Add ``--store`` and ``--json`` to a command and hand it the opened graph as ``graph``."""

    @store_option
    @json_option
    @functools.wraps(function)
    def command(store: Path | str, **words: Any) -> R:
        return function(graph=opened(store), **words)

    return command
