"""The command that lets an assistant ask the graph: ``mcp``."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, get_args

import click

from aimsgraph.cli.options import queries_option, store_option
from aimsgraph.errors import MissingExtraError
from aimsgraph.model.access import Principal, Role
from aimsgraph.query import Limits

if TYPE_CHECKING:
    from pathlib import Path

KEY_VARIABLE = "AIMSGRAPH_KEY"


@click.command()
@store_option
@queries_option
@click.option(
    "--url", default=None, metavar="URL",
    help=f"Ask this server and no store; the key is read from ${KEY_VARIABLE}.",
)  # fmt: skip
@click.option(
    "--role", type=click.Choice(get_args(Role)), default=None,
    help="What may be asked  [default: analyst; with --url whatever the key may]",
)  # fmt: skip
@click.option("--time-limit", default=30.0, show_default=True, type=click.FloatRange(0.1), help="In seconds.")
@click.option("--row-limit", default=10_000, show_default=True, type=click.IntRange(1))
@click.option(
    "--most", default=60_000, show_default=True, type=click.IntRange(1_000),
    help="Characters of an answer; what is longer is shortened, and says so.",
)  # fmt: skip
def mcp(
    store: Path | str, queries: tuple[Path, ...], url: str | None, role: Role | None, time_limit: float, row_limit: int,
    most: int,
) -> None:  # fmt: skip
    """Let an assistant ask the graph, read-only, over the Model Context Protocol on stdin and stdout."""
    try:
        server = import_module("aimsgraph.mcp.server")
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"The MCP server needs a package that is not installed ({error.name}).",
            hint="Install it with: pip install 'aimsgraph[mcp]'.",
        ) from error
    limits = Limits(seconds=time_limit, rows=row_limit)
    server.run(
        far(url, role, time_limit) if url is not None else near(store, role, limits, queries), most=most
    )


def near(store: Path | str, role: Role | None, limits: Limits, queries: tuple[Path, ...]) -> Any:
    """Return the store as a source of answers."""
    local = import_module("aimsgraph.mcp.local")
    return local.Local(store, Principal("assistant", role or "analyst"), limits, queries)


def far(url: str, role: Role | None, time_limit: float) -> Any:
    """Return a server as a source of answers."""
    client, remote = import_module("aimsgraph.client"), import_module("aimsgraph.mcp.remote")
    return remote.Remote(
        client.Client(url, os.environ.get(KEY_VARIABLE) or None, timeout=time_limit + 30), role
    )
