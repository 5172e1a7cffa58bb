"""The command that serves the graph over HTTP: ``serve``."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from aimsgraph.cli.access import access_option
from aimsgraph.cli.options import store_option
from aimsgraph.cli.serving import serving_options
from aimsgraph.cli.terminal import say
from aimsgraph.errors import MissingExtraError
from aimsgraph.query.limit import MIB, SERVED

if TYPE_CHECKING:
    from types import ModuleType

#: Seconds that a server has to end when all its requests have.
_ENDING: Final = 5.0


@click.command()
@store_option
@access_option
@serving_options
def serve(store: Path | str, access_file: Path | None, host: str, port: int, **words: Any) -> None:
    """Serve the graph over HTTP, on this machine alone unless an access file says who others are.

    Without an access file, who asks from this machine may read as an auditor does. See docs/access.md.
    """
    server, settings = _module("server"), _module("settings").Settings
    given = settings(store, access_file, **_settings(**words))
    server.run(given, host=host, port=port, announce=say)
    end_within(_ENDING)


def end_within(seconds: float) -> None:
    """Have the process end although threads of it still calculate for somebody who has gone: Python waits for them."""

    def end() -> None:
        time.sleep(seconds)
        os._exit(0)  # whatever they hold is read, or is whole after a crash too

    threading.Thread(target=end, daemon=True).start()


def _settings(
    *, origins: tuple[str, ...], host_names: tuple[str, ...], time_limit: float, row_limit: int, memory_limit: int,
    max_body: int, access_log: str | None, **others: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return what the options say, by the names that the settings have for it."""
    return others | {
        "origins": origins,
        "hosts": ("127.0.0.1", "localhost", "[::1]", *host_names),
        "limits": replace(SERVED, seconds=time_limit, rows=row_limit, memory=memory_limit * MIB),
        "largest": max_body * MIB,
        "access_log": access_log if access_log in (None, "-") else Path(str(access_log)),
    }


def _module(name: str) -> ModuleType:
    try:
        return import_module(f"aimsgraph_api.{name}")
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"The server needs a package that is not installed ({error.name}).",
            hint="Install it with: pip install 'aimsgraph[api]'.",
        ) from error
