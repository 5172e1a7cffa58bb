"""Gives long calculations their turn, so that they never take all the threads that short answers need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
from fastapi import Request, params

from aimsgraph.attention import go_on
from aimsgraph.errors import BusyError
from aimsgraph_api.access import PrincipalDependency
from aimsgraph_api.attending import watched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aimsgraph_api.settings import Settings


class Turns:
    """So many calculations at once, so many that wait, and for how long they do (seconds)."""

    def __init__(self, settings: Settings) -> None:
        self._most = settings.calculating
        self._waiting = settings.waiting
        self._patience = settings.patience
        self._limiter: anyio.CapacityLimiter | None = None

    @property
    def running(self) -> int:
        """How many calculations are under way."""
        return self._limiter.borrowed_tokens if self._limiter is not None else 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._limiter.statistics().tasks_waiting if self._limiter is not None else 0

    async def take(self, who: object) -> None:
        """Wait for a turn; :meth:`give_back` ends it.

        :raises BusyError: too many wait already, or the turn did not come in time.
        """
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self._most)
        late = self._limiter.available_tokens <= 0 and self.waiting >= self._waiting
        if not late:
            with anyio.move_on_after(self._patience) as scope:
                await self._limiter.acquire_on_behalf_of(who)
            late = scope.cancelled_caught
        if late:
            raise BusyError(
                "The server computes as much as it can at once.",
                hint="Ask again in a moment, or for less: fewer hops, fewer nodes.",
            )

    def give_back(self, who: object) -> None:
        """End a turn."""
        if self._limiter is not None:
            self._limiter.release_on_behalf_of(who)


async def turn(request: Request, _asking: PrincipalDependency) -> AsyncIterator[None]:
    """Hold a turn for as long as a request is answered; who may not ask does not wait for one.

    What is calculated for who has gone meanwhile is left off.
    """
    turns: Turns = request.app.state.turns
    who = object()
    async with watched(request.receive):
        await turns.take(who)
        try:
            go_on()
            yield
        finally:
            turns.give_back(who)


#: For the `dependencies` of a router.
TURN = params.Depends(turn)
