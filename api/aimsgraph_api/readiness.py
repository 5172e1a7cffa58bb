"""Whether the server can answer: each of its checks, looked at no more than once a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import anyio
from anyio import to_thread

from aimsgraph.errors import NotReadyError
from aimsgraph_api.logs import LOGGER

if TYPE_CHECKING:
    from collections.abc import Callable

#: How long a check may take, and how long its answer counts (seconds).
_PATIENCE: Final = 5.0
_COUNTS: Final = 1.0


class Readiness:
    """Named checks: functions that return, or raise when something is not as it has to be; they run in a thread."""

    def __init__(self) -> None:
        self.checks: dict[str, Callable[[], object]] = {}
        self._looked: float | None = None
        self._failing: str | None = None
        self._turn: anyio.Lock | None = None
        self._threads: anyio.CapacityLimiter | None = None

    async def check(self) -> None:
        """Look at every check.

        :raises NotReadyError: one has failed, or took too long; the log says why, the asker is told which.
        """
        if self._turn is None:
            self._turn = anyio.Lock()
        async with self._turn:
            if self._looked is None or time.monotonic() - self._looked > _COUNTS:
                self._failing = await self._first_failing()
                self._looked = time.monotonic()
        if self._failing is not None:
            raise NotReadyError(f"The server cannot answer now ({self._failing}).")

    async def _first_failing(self) -> str | None:
        if self._threads is None:
            self._threads = anyio.CapacityLimiter(2)  # its own, so that it is told when all others are taken
        for name, check in self.checks.items():
            try:
                with anyio.fail_after(_PATIENCE):
                    await to_thread.run_sync(check, limiter=self._threads, abandon_on_cancel=True)
            except Exception as error:  # noqa: BLE001 - whatever it is, the server is not ready
                LOGGER.warning("Not ready: %s: %s", name, error)
                return name
        return None
