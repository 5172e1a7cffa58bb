"""Commands about who may ask a server: ``access``."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from aimsgraph import access as kept
from aimsgraph.cli.options import json_option, opened, store_option
from aimsgraph.cli.terminal import answers, print_json, say, table
from aimsgraph.errors import AimsgraphError, UsageError
from aimsgraph.model.access import Role
from aimsgraph.store import is_address, manifest, place

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aimsgraph.model.keys import MadeKey

ACCESS_VARIABLE = "AIMSGRAPH_ACCESS"

access_option = click.option(
    "--access",
    "access_file",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar=ACCESS_VARIABLE,
    show_envvar=True,
    default=None,
    help="The file of who may ask what (default: access.json in the store's folder).",
)
_days = click.option("--days", type=click.IntRange(1, 36500), default=None, help="It serves so many days.")


def _command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which access file is meant."""
    return access_option(store_option(json_option(function)))


@click.group()
def access() -> None:
    """Make, list, replace and withdraw the keys by which a server knows who asks."""


@access.command()
@click.argument("name")
@click.option("--role", type=click.Choice(get_args(Role)), required=True, help="What the key permits.")
@click.option("--graph", "graphs", multiple=True, help="It sees this source only; repeatable (default: all).")
@_days
@_command
def add(
    name: str, role: Role, graphs: tuple[str, ...], days: int | None,
    access_file: Path | None, store: Path | str, as_json: bool,
) -> None:  # fmt: skip
    """Make a key for NAME and print it, this once: only its hash is kept."""
    file = _file(access_file, store)
    made = kept.add(file, name, role, graphs=graphs, days=days, now=datetime.now(UTC))
    _hand_over(made, file, as_json)
    _tell_strangers(file, store, f"keys.{name}.")


@access.command(name="list")
@_command
def list_(access_file: Path | None, store: Path | str, as_json: bool) -> None:
    """List the keys, who may do what with them, and until when; never the keys themselves."""
    file = _file(access_file, store)
    found = kept.keys(file, datetime.now(UTC))
    if as_json:
        print_json(found)
        return
    rows = [
        (one.name, one.role, "all" if one.graphs is None else ", ".join(one.graphs), one.rotated or one.created,
         one.expires or "never", one.standing, one.former_until or "")
        for one in found.keys
    ]  # fmt: skip
    answers().print(
        table("", ("name", "role", "sees", "made", "ends", "standing", "the one before ends"), rows)
    )
    say(
        f"Without a key: {found.anonymous or 'nobody'}. Issuers of tokens: {', '.join(found.issuers) or 'none'}."
    )
    _tell_strangers(file, store)


@access.command()
@click.argument("name")
@click.option(
    "--grace",
    type=click.FloatRange(0, 24 * 90),
    default=0,
    metavar="HOURS",
    help="The one before serves so much longer (default: no longer).",
)
@_days
@_command
def rotate(
    name: str, grace: float, days: int | None, access_file: Path | None, store: Path | str, as_json: bool
) -> None:
    """Replace the key of NAME by a new one, and print it, this once."""
    file = _file(access_file, store)
    _hand_over(kept.rotate(file, name, grace=grace, days=days, now=datetime.now(UTC)), file, as_json)


@access.command()
@click.argument("name")
@_command
def revoke(name: str, access_file: Path | None, store: Path | str, as_json: bool) -> None:
    """Withdraw the key of NAME: it lets nobody in from now on."""
    gone = kept.revoke(_file(access_file, store), name, now=datetime.now(UTC))
    if as_json:
        print_json(gone)
    else:
        click.echo(f"The key of {name} lets nobody in any more.")


@access.command()
@_command
def check(access_file: Path | None, store: Path | str, as_json: bool) -> None:
    """Say whose key it is that is typed, or comes on stdin: one that was found somewhere, say."""
    file = _file(access_file, store)
    shown = click.prompt("Key", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    found = kept.owner(file, shown.strip(), now=datetime.now(UTC))
    if as_json:
        print_json(found)
    else:
        click.echo(f"It is the key of {found.name} ({found.role}), and {found.standing}.")


def _file(named: Path | None, store: Path | str) -> Path:
    """Return the access file that is meant.

    :raises UsageError: the store has no folder, and none is named.
    :raises StoreNotFoundError: there is no store in whose folder it could be.
    """
    if named is not None:
        return named
    where = place(store)
    default = kept.default_place(where)
    if default is None:
        raise UsageError(
            "A store on a server has no folder for its access file.", hint="Name one with --access FILE."
        )
    manifest(where)
    return default


def _hand_over(made: MadeKey, file: Path, as_json: bool) -> None:
    if as_json:
        print_json(made)
        return
    click.echo(made.key)
    until = f" until {made.expires}" if made.expires else ""
    say(
        f"This is the key of {made.name} ({made.role}){until}. It is not shown again: {file} has only its hash."
    )
    if made.former_until:
        say(f"The one before serves until {made.former_until}.")


def _tell_strangers(file: Path, store: Path | str, about: str = "") -> None:
    """Say which sources are named that the store does not have, where there is a store to look into."""
    if is_address(store) or not Path(store).is_dir():
        return
    with suppress(AimsgraphError):  # the key stands, whatever is the matter with the store
        for stranger in kept.read_rules(file).strangers(opened(store).view().graphs()):
            if stranger.startswith(about):
                say(stranger)
