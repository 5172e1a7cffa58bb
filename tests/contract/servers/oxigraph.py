"""Oxigraph's own server, which the package oxigraph brings."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench import oxigraph_server

from aimsgraph.store import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator


def missing() -> str | None:
    """Say what is not installed, or None."""
    return None if oxigraph_server.program() else "the Oxigraph server is not installed (package oxigraph)"


@contextmanager
def serving() -> Iterator[Endpoint]:
    """Give a new server with nothing in it."""
    with oxigraph_server.serving() as address:
        yield Endpoint(address)
