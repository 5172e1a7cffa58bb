"""The workers that answer questions for a server: long-lived, shared fairly, and killed when a limit is reached."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.errors import AimsgraphError, BusyError, QueryInvalidError
from aimsgraph.query.binding import EngineText, engine_text
from aimsgraph.query.crew import Crew, busy
from aimsgraph.query.execution import EXPLAINING, asked, explained_by
from aimsgraph.query.limit import Limits
from aimsgraph.query.process import LostError
from aimsgraph.query.reply import Put, too_slow
from aimsgraph.query.running import PutBackError, Question, Running, lost_worker
from aimsgraph.query.safety import read

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import TypeVar

    from aimsgraph.query.safety import CheckedQuery

    T = TypeVar("T")

#: A question counts as slow when a processor has worked on it for so many seconds.
SLOW_AFTER: Final = 0.5
#: Checking a text may take so many seconds.
CHECKING: Final = 10.0
#: So many texts, each of at most so many characters, are known to be good without being checked again.
_KNOWN: Final = 512
_KNOWN_LENGTH: Final = 20_000
_CHECKERS: Final = 2
#: By whom the pool asks for itself; no key has this name.
_OWN: Final = ""
#: A text of more characters takes more than a few milliseconds to be split into words.
_LONG: Final = 5_000


class Pool:
    """Answers questions in ``workers`` processes, while up to ``waiting`` others wait.

    It has a thread and an event loop of its own, so that it may be asked from any other; each process is started by
    that thread and ends with it. Nothing is started before the first question.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        waiting: int = 64,
        limits: Limits | None = None,
        slow_after: float = SLOW_AFTER,
    ) -> None:
        self.limits = limits or Limits()
        patience = self.limits.seconds
        self._crew = Crew(size=workers, waiting=waiting, patience=patience, slow_after=slow_after)
        # Reading a text is work too, and some take long: the same rules hold, in processes of their own.
        self._checkers = Crew(
            size=_CHECKERS, waiting=waiting, patience=patience, slow_after=slow_after, spare=False
        )
        self._known: OrderedDict[str, CheckedQuery] = OrderedDict()
        self._slow: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def counts(self) -> dict[str, int]:
        """Return how many questions are worked on and wait, and how many workers were stopped so far."""
        crew = self._crew
        return {"running": crew.running, "waiting": crew.waiting, "stopped": crew.stopped}

    async def check(self) -> None:
        """Have a worker answer ASK {}; one that is at work lives too.

        :raises AimsgraphError: none answers.
        """
        text = "ASK {}"
        try:
            checked = await self.checked(_OWN, text)
            written = engine_text(checked)
            await self.begin(
                Question(_OWN, asked(checked, written, EXPLAINING), Put(written, text, EXPLAINING))
            )
        except BusyError:
            if not self._crew.running:
                raise

    def known(self, text: str) -> CheckedQuery | None:
        """Return what is known of a text that was found to be good a while ago."""
        with self._lock:
            found = self._known.get(text)
            if found is not None:
                self._known.move_to_end(text)
            return found

    async def checked(self, asker: str, text: str) -> CheckedQuery:
        """Check that a text may run.

        :raises QueryInvalidError, QueryRefusedError: as :func:`aimsgraph.query.check` does.
        :raises TimeLimitError: that took too long.
        """
        if (known := self.known(text)) is not None:
            return known
        checked = await aside(text, partial(read, text))
        put = Put(EngineText("", (), (), 0), text, Limits(CHECKING, 1, 1, self.limits.memory))
        request = {
            "check": text,
            "clauses": checked.clauses,
            "seconds": CHECKING,
            "memory": self.limits.memory,
        }
        try:
            await self._across(
                self._work(Running(Question(asker, request, put), self._checkers), f"check {text}")
            )
        except QueryInvalidError as fault:
            raise await self._explained(asker, checked, fault) from None
        except AimsgraphError as fault:
            raise (too_slow(CHECKING) if fault.code == "time-limit" else fault) from None
        if len(text) <= _KNOWN_LENGTH:
            with self._lock:
                self._known[text] = checked
                while len(self._known) > _KNOWN:
                    self._known.popitem(last=False)
        return checked

    async def begin(self, question: Question) -> Running:
        """Put a question, and return its answer: whole, or as much as is held of it.

        When whoever waits for this is cancelled the worker is killed. Whoever has an answer that is not whole reads
        :meth:`more` of it to its end, or says :meth:`leave`.

        :raises AimsgraphError: there is no answer.
        """
        running = Running(question, self._crew)
        try:
            await self._across(self._work(running, question.put.text))
        except BaseException:
            self.leave(running)
            raise
        return running

    async def more(self, running: Running) -> bytes | None:
        """Return the next portion of an answer; None at its end.

        :raises AimsgraphError: there is no more, though it is not the end.
        """
        return await self._across(running.more())

    def leave(self, running: Running) -> None:
        """Let nobody work on a question any longer."""
        if self._loop is not None:
            with suppress(RuntimeError):  # it is closed, and all workers with it
                self._loop.call_soon_threadsafe(running.leave)

    def close(self) -> None:
        """Kill all workers, and wait until nothing is left of them. Nothing is answered any more."""
        with self._lock:
            loop, closed, self._closed = self._loop, self._closed, True
        if closed or loop is None or self._thread is None:
            return
        ended = asyncio.run_coroutine_threadsafe(self._ended(), loop)
        if threading.current_thread() is not self._thread:  # as it can be when it is collected as garbage
            ended.result()
            self._thread.join()

    async def _ended(self) -> None:
        await self._crew.close()
        await self._checkers.close()
        asyncio.get_running_loop().stop()

    async def _explained(self, asker: str, checked: CheckedQuery, fault: QueryInvalidError) -> AimsgraphError:
        """Ask the engine's parser, over an empty store, for the place of a fault, which it finds more exactly."""
        written = await aside(checked.text, partial(engine_text, checked))
        put = Put(written, checked.text, EXPLAINING)
        try:
            await self.begin(Question(asker, asked(checked, written, EXPLAINING), put))
        except AimsgraphError as explained:
            return explained_by(explained, fault)
        return fault

    async def _work(self, running: Running, key: str) -> None:
        """Have a question worked on until its answer is whole or has begun."""
        crew, lost, again, large = running.crew, 0, False, False
        slow = key in self._slow
        while True:
            asker, seconds = running.question.asker, running.question.put.limits.seconds
            seat = await crew.take(asker, seconds, slow=slow, large=large, again=again, fresh=lost > 0)
            again = True
            try:
                await running.begin(seat)
            except PutBackError as back:
                slow, large = True, large or back.large
            except LostError as fault:
                lost += 1
                if lost > 1:
                    raise lost_worker() from fault
            else:
                took = asyncio.get_running_loop().time() - seat.since
                self._remember(key, slow=running.is_whole and seat.slow and took > crew.slow_after)
                return
            finally:
                if seat.cause is not None:
                    self._remember(key, slow=True)

    def _remember(self, key: str, *, slow: bool) -> None:
        """Remember that a text makes a slow question, which begins as one the next time; or forget that."""
        if slow:
            self._slow[key] = None
            self._slow.move_to_end(key)
            while len(self._slow) > _KNOWN:
                self._slow.popitem(last=False)
        else:
            self._slow.pop(key, None)

    async def _across(self, doing: Coroutine[Any, Any, T]) -> T:
        """Have something done in the pool's own loop, and wait for it; cancelling the one cancels the other."""
        try:
            loop = self._started()
        except AimsgraphError:
            doing.close()
            raise
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(doing, loop))

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise busy("the server is stopping")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=[self._loop], name="questions", daemon=True)
                self._thread.start()
            return self._loop


async def aside(text: str, doing: Callable[[], T]) -> T:
    """Do something with a text: in a thread, if it is so long that others would notice."""
    return await asyncio.to_thread(doing) if len(text) > _LONG else doing()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is stopped, and let go of what it has open."""
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
