"""Runs the HTTP server until it is told to end, and lets what is under way come to its end."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from aimsgraph_api.logs import LOGGER, configure

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from types import FrameType

    from fastapi import FastAPI

    from aimsgraph_api.settings import Settings


class _Server(uvicorn.Server):
    """A server that ends with status 0 on SIGTERM and SIGINT; a second one of them ends it at once."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Listen to signals; uvicorn's own way would raise them again at the end, as if they had killed it."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        kept = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in kept.items():
                signal.signal(one, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end, or end at once when asked twice."""
        if not self.should_exit:
            LOGGER.info("Ending: no new requests; those under way are answered.")
        elif not self.force_exit:
            LOGGER.warning("Ending at once.")
            self.force_exit = True
        super().handle_exit(sig, frame)


def run_until_ended(app: FastAPI, settings: Settings, listening: socket.socket) -> None:
    """Answer requests until SIGTERM or SIGINT; then those under way have ``settings.closing`` seconds to end."""
    configure(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.closing,
    )
    _Server(config).run(sockets=[listening])
    LOGGER.info("Ended.")
