"""The options of the server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from aimsgraph.cli.options import queries_option
from aimsgraph.query.limit import MIB, SERVED

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

_FILE: Final = click.Path(path_type=Path, dir_okay=False)

#: In the order in which the help shows them.
_OPTIONS: Final = (
    click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on."),
    click.option(
        "--port", default=8042, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
    ),
    click.option(
        "--host-name", "host_names", multiple=True, metavar="NAME",
        help="A name by which the server may be called; repeatable (this machine's own always may).",
    ),
    click.option(
        "--origin", "origins", multiple=True, metavar="ORIGIN",
        help="Let pages of this origin (https://HOST) read answers in a browser; repeatable.",
    ),
    click.option(
        "--proxy", "proxies", multiple=True, metavar="ADDRESS",
        help="Believe the proxy at this address about who asks (X-Forwarded-For); repeatable.",
    ),
    click.option("--certificate", type=_FILE, default=None, help="Serve https with this certificate (PEM)."),
    click.option("--key", type=_FILE, default=None, help="The private key of the certificate (PEM)."),
    click.option(
        "--open-to-anyone", is_flag=True,
        help="Serve other machines without knowing who asks; they read only what everybody may.",
    ),
    queries_option,
    click.option(
        "--workers", default=2, show_default=True, type=click.IntRange(1, 256), help="Processes that run SPARQL."
    ),
    click.option(
        "--time-limit", default=SERVED.seconds, show_default=True, type=click.FloatRange(0, min_open=True),
        help="Seconds for one SPARQL query.",
    ),
    click.option(
        "--row-limit", default=SERVED.rows, show_default=True, type=click.IntRange(1),
        help="Rows of its answer.",
    ),
    click.option(
        "--memory-limit", default=SERVED.memory // MIB, show_default=True, type=click.IntRange(64),
        help="MiB that it may take.",
    ),
    click.option(
        "--max-body", default=64, show_default=True, type=click.IntRange(1), help="MiB that a request may bring."
    ),
    click.option(
        "--access-log", default=None, metavar="FILE|-",
        help="Note each request: who, what, how long; - is stderr.",
    ),
    click.option(
        "--log-format", default="text", show_default=True, type=click.Choice(["text", "json"]),
        help="How the server's own log on stderr is written.",
    ),
    click.option("--log-queries", is_flag=True, help="Note the text of SPARQL too, not its hash alone."),
)  # fmt: skip


def serving_options(function: F) -> F:
    """Add all options of the server to a command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function
