"""Which question is worked on when: long-lived workers, shared so that no question holds up those that are quick.

There are ``size`` seats. A question that was much work already counts as slow, and so does one whose answer is large.
Slow ones begin only while fewer than ``size - 1`` sit (of a crew of one: while none does), so that they never take the
last seat. One seat more is there for a quick question when all are held by slow ones, or by one other asker. When that
one is slow too, the slow question that came last has to get up, and is asked anew when there is room for a slow one;
of one whose answer is being sent that cannot be asked, so of those no asker has more than ``size - 1``. Askers take
turns.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import BusyError
from aimsgraph.query.process import Worker
from aimsgraph.query.seat import Seat

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

#: A worker that was asked so often makes room for a new one, should the engine keep memory from question to question.
_RENEWED: Final = 1_000
#: The part of the places in the queue that one asker may hold.
_SHARE: Final = 0.75
#: A question that has taken so many times what makes a slow one is slow whatever its worker has worked.
_LONG: Final = 10
_PAUSE: Final = 0.02


@dataclass(eq=False, slots=True)
class _Turn:
    """A question that waits."""

    asker: str
    large: bool
    seat: asyncio.Future[Seat]


class Crew:
    """The workers and who waits for them; all of it happens in one event loop."""

    def __init__(
        self, *, size: int, waiting: int, patience: float, slow_after: float, spare: bool = True
    ) -> None:
        self.size = size
        self.patience = patience
        self.slow_after = slow_after
        self.stopped = 0
        self._spare = spare
        self._places = waiting
        self._quick: dict[str, deque[_Turn]] = {}
        self._slow: dict[str, deque[_Turn]] = {}
        self._seats: list[Seat] = []
        self._idle: list[Worker] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting = False
        self._closed = False

    @property
    def running(self) -> int:
        """How many questions are worked on."""
        return len(self._seats)

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return sum(len(turns) for lane in (self._quick, self._slow) for turns in lane.values())

    async def take(
        self,
        asker: str,
        seconds: float,
        *,
        slow: bool = False,
        large: bool = False,
        again: bool = False,
        fresh: bool = False,
    ) -> Seat:
        """Wait for a seat and a worker, which is killed after so many ``seconds``.

        A question that had to get up comes ``again``, and always finds a place in the queue; one of which the worker
        was ended from outside wants a ``fresh`` one.

        :raises BusyError: the queue is full, or its turn did not come in time.
        """
        seat = await self._seat(asker, slow=slow, large=large, again=again)
        try:
            seat.worker = await self._worker(fresh=fresh)
        except OSError as error:
            self.release(seat, fit=False)
            raise busy(f"no worker could be started ({error.strerror or error})") from error
        except BaseException:
            self.release(seat, fit=False)
            raise
        loop = asyncio.get_running_loop()
        seat.since, seat.worked = loop.time(), seat.worker.worked()
        seat.clocks = [
            loop.call_later(self.slow_after, self._judge, seat),
            loop.call_later(seconds, self._expire, seat),
        ]
        self._keep_spare()
        return seat

    def pin(self, seat: Seat) -> bool:
        """Say whether the answer may be sent while it is worked out; if so, the question is no more asked to get up."""
        if seat.cause is None and (seat.pinned or self._may_pin(seat.asker)):
            seat.pinned = seat.slow = True
            self._serve()
            return True
        return False

    def release(self, seat: Seat, *, fit: bool) -> None:
        """Give a seat back; its worker goes on if it is ``fit``, else it is killed. A second time nothing happens."""
        if seat not in self._seats:
            return
        self._seats.remove(seat)
        for clock in seat.clocks:
            clock.cancel()
        worker = seat.worker
        if worker is not None:
            if fit and not self._closed and worker.asked < _RENEWED and len(self._idle) <= self.size:
                self._idle.append(worker)
            else:
                self._later(worker.gone())
        if not self._closed:
            self._serve()
            self._keep_spare()

    async def close(self) -> None:
        """Kill all workers, and tell those who wait."""
        self._closed = True
        for lane in (self._quick, self._slow):
            for turns in lane.values():
                for turn in turns:
                    if not turn.seat.done():
                        turn.seat.set_exception(busy("the server is stopping"))
            lane.clear()
        for seat in list(self._seats):
            self.release(seat, fit=False)
        while self._idle or self._tasks:
            for worker in self._idle:
                self._later(worker.gone())
            self._idle.clear()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _seat(self, asker: str, *, slow: bool, large: bool, again: bool) -> Seat:
        mine = sum(len(lane.get(asker, ())) for lane in (self._quick, self._slow))
        if self._closed:
            raise busy("the server is stopping")
        turn = _Turn(asker, large, asyncio.get_running_loop().create_future())
        lane = self._slow if slow else self._quick
        lane.setdefault(asker, deque()).append(turn)
        self._serve()
        if turn.seat.done():
            return turn.seat.result()
        full = self.waiting > self._places or mine >= max(1, int(self._places * _SHARE))
        try:
            if full and not again:
                raise busy("too many questions wait already")
            async with asyncio.timeout(self.patience):
                return await turn.seat
        except BaseException as gone:
            self._forget(lane, turn)
            if isinstance(gone, TimeoutError):
                raise busy(f"its turn did not come within {self.patience:g} seconds") from None
            raise

    def _forget(self, lane: dict[str, deque[_Turn]], turn: _Turn) -> None:
        """Take a question that has gone out of the queue; a seat that it was given meanwhile is taken back."""
        with suppress(KeyError, ValueError):
            lane[turn.asker].remove(turn)
            if not lane[turn.asker]:
                del lane[turn.asker]
        if turn.seat.done() and not turn.seat.cancelled() and turn.seat.exception() is None:
            self.release(turn.seat.result(), fit=False)

    def _serve(self) -> None:
        """Give seats to those who wait, as far as there are any; slow questions first, who never take the last."""
        while self._begin(self._slow, self._may_begin_slow, slow=True) or self._begin(
            self._quick, self._may_begin, slow=False
        ):
            pass
        if self._quick and all(seat.slow for seat in self._seats):
            self._make_room()

    def _begin(self, lane: dict[str, deque[_Turn]], may: Callable[[_Turn], bool], *, slow: bool) -> bool:
        for asker in lane:
            turn = lane[asker][0]
            if not may(turn):
                continue
            turns = lane.pop(asker)
            turns.popleft()
            if turns:
                lane[asker] = turns  # behind the others
            if not turn.seat.done():
                seat = Seat(asker, slow, slow and turn.large, asyncio.get_running_loop().time())
                self._seats.append(seat)
                turn.seat.set_result(seat)
            return True
        return False

    def _may_begin(self, turn: _Turn) -> bool:
        if len(self._seats) != self.size:
            return len(self._seats) < self.size
        holders = {seat.asker for seat in self._seats}
        return all(seat.slow for seat in self._seats) or (len(holders) == 1 and turn.asker not in holders)

    def _may_begin_slow(self, turn: _Turn) -> bool:
        slow = sum(seat.slow for seat in self._seats)
        room = len(self._seats) < self.size and slow < max(1, self.size - 1)
        return room and (not turn.large or self._may_pin(turn.asker))

    def _may_pin(self, asker: str) -> bool:
        pinned = [seat.asker for seat in self._seats if seat.pinned]
        return len(pinned) < self.size and pinned.count(asker) < max(1, self.size - 1)

    def _make_room(self) -> None:
        going = any(seat.cause for seat in self._seats)
        loose = [seat for seat in self._seats if not seat.pinned and seat.worker is not None]
        if loose and not going and len(self._seats) > max(1, self.size - 1):
            self.stopped += 1
            max(loose, key=lambda seat: seat.since).stop("room")

    def _judge(self, seat: Seat) -> None:
        """Say that a question is slow when it was much work, or, on a machine with too much to do, took very long."""
        loop, worked = asyncio.get_running_loop(), seat.worker.worked() if seat.worker is not None else None
        if worked is not None and seat.worked is not None:
            left = self.slow_after - (worked - seat.worked)
            if left > 0 and loop.time() - seat.since < _LONG * self.slow_after:
                seat.clocks.append(loop.call_later(max(left, _PAUSE), self._judge, seat))
                return
        seat.slow = True
        self._serve()

    def _expire(self, seat: Seat) -> None:
        self.stopped += 1
        seat.stop("time")
        self.release(seat, fit=False)

    async def _worker(self, *, fresh: bool) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive and not fresh:
                return worker
            self._later(worker.gone())
        return await Worker.started()

    def _keep_spare(self) -> None:
        """See to it that a worker is ready for the next question."""
        if self._spare and not (self._idle or self._starting or self._closed or len(self._seats) > self.size):
            self._starting = True
            self._later(self._start())

    async def _start(self) -> None:
        try:
            worker = await Worker.started()
        except OSError:
            return  # whoever needs one is told
        finally:
            self._starting = False
        if self._closed:
            await worker.gone()
        else:
            self._idle.append(worker)

    def _later(self, doing: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def busy(reason: str) -> BusyError:
    """Return the error for a question that is not answered for no fault of its own."""
    return BusyError(f"The question was not answered: {reason}.", hint="Ask again in a few seconds.")
