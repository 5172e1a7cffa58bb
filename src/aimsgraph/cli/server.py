"""The command that serves the graph over HTTP: ``serve``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from aimsgraph.cli.options import store_option
from aimsgraph.cli.terminal import say
from aimsgraph.errors import MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Only loopback addresses are served.")
@click.option(
    "--port", default=8042, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--log-format",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json"]),
    help="How the log on stderr is written.",
)
def serve(store: Path | str, host: str, port: int, log_format: str) -> None:
    """Serve the graph over HTTP, read-only, on this machine alone."""
    try:
        server = import_module("aimsgraph_api.server")
        settings = import_module("aimsgraph_api.settings").Settings(store, log_format=log_format)
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"The server needs a package that is not installed ({error.name}).",
            hint="Install it with: pip install 'aimsgraph[api]'.",
        ) from error
    server.run(settings, host=host, port=port, announce=say)
