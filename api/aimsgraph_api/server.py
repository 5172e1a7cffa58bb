"""Runs the application on a loopback address."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

from aimsgraph.errors import UsageError
from aimsgraph.store import place
from aimsgraph_api.app import create_app
from aimsgraph_api.running import run_until_ended

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph_api.settings import Settings


def run(settings: Settings, *, host: str, port: int, announce: Callable[[str], object]) -> None:
    """Serve the store until interrupted; ``announce`` is told the address once the port is bound.

    :raises UsageError: when the address is not a loopback address, or the port is taken.
    """
    app = create_app(settings)
    with bind(host, port) as listening:
        address = f"http://{host}:{listening.getsockname()[1]}"
        announce(f"Serving {place(settings.store)} on {address}/api/v1/health (read-only; stop with Ctrl-C)")
        run_until_ended(app, settings, listening)


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket on an IPv4 loopback address."""
    if host != "localhost" and not _loopback(host):
        raise UsageError(
            f"The server binds to loopback addresses only, not to {host}.",
            hint="It has no authentication yet; use 127.0.0.1, and a tunnel to reach it from elsewhere.",
        )
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise UsageError(
            f"The server cannot listen on {host}:{port}: {error.strerror or error}.",
            hint="Take another port with --port (0 takes a free one).",
        ) from error


def _loopback(host: str) -> bool:
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False
