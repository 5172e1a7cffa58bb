"""Runs the application: on this machine alone, or, where an access file keeps the unnamed out, for others too."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from aimsgraph.access import is_loopback
from aimsgraph.errors import UsageError
from aimsgraph.store import place
from aimsgraph_api.app import create_app
from aimsgraph_api.running import run_until_ended

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from aimsgraph_api.settings import Settings

_EVERY_ADDRESS: Final = ("", "0.0.0.0", "::")  # noqa: S104 - they are recognised here, not taken


def run(settings: Settings, *, host: str, port: int, announce: Callable[[str], object]) -> None:
    """Serve the store until interrupted; ``announce`` is told the address once the port is bound.

    :raises UsageError: when the address would let in anybody, or the port is taken.
    :raises AccessFileError: when the access file cannot be read, or has faults.
    """
    bare = host.strip("[]")
    settings = _reachable(settings, bare)
    app = create_app(settings)
    _check(app, settings, bare)
    with bind(bare, port) as listening:
        shown = f"[{bare}]" if ":" in bare else bare
        address = f"{'https' if settings.certificate else 'http'}://{shown}:{listening.getsockname()[1]}"
        announce(f"Serving {place(settings.store)} on {address}/api/v1 (stop with Ctrl-C)")
        run_until_ended(app, settings, listening)


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    :raises UsageError: the address is not one of this machine, or the port is taken.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
        # Else an answer on a kept connection waits 40 ms for the client to confirm that its head has come.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        raise UsageError(
            f"The server cannot listen on {host}:{port}: {error.strerror or error}.",
            hint="Take another port with --port (0 takes a free one).",
        ) from error


def _reachable(settings: Settings, host: str) -> Settings:
    """Return the settings with which the server answers to the address that it listens on.

    Where other machines are served without an access file, the unnamed there get the least of the roles.
    """
    if is_loopback(host):
        return settings
    named = () if host in _EVERY_ADDRESS else (f"[{host}]" if ":" in host else host,)
    return replace(
        settings,
        hosts=(*settings.hosts, *named),
        anonymous="reader" if settings.anonymous is not None else None,
        known_only=not settings.open_to_anyone,
    )


def _check(app: FastAPI, settings: Settings, host: str) -> None:
    """Make sure that other machines are served only when the unnamed are kept out, or when that is wanted.

    :raises UsageError: they are not.
    """
    if is_loopback(host) or settings.open_to_anyone or app.state.recognition.is_guarded():
        return
    raise UsageError(
        f"Beyond loopback, on {host}, other machines could ask without saying who they are.",
        hint="Make a key with: aimsgraph access add NAME --role ROLE (and let the access file name no anonymous role). "
        "To let anybody in who reaches this address: --open-to-anyone.",
    )
