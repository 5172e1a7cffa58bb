"""Whose question is worked on when: with real workers, and questions that never end."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from aimsgraph.errors import BusyError, TimeLimitError
from aimsgraph.query import Limits
from aimsgraph.query.crew import Crew
from tests.unit.query.asking import ENDLESS, QUICK, Asking, until

#: Questions that never end, each a text of its own, so that none is known to be slow.
ENDLESS_ONES = [f"{ENDLESS}  # {number}" for number in range(8)]


@pytest.mark.parametrize(("workers", "light"), [(1, "ann"), (2, "ann"), (3, "ben")])
def test_endless_questions_never_hold_up_a_quick_one_be_it_of_the_same_asker(location, workers, light):
    async def asked(asking):
        endless = [asyncio.create_task(asking.read(text)) for text in ENDLESS_ONES[: workers + 2]]
        await asyncio.to_thread(until, lambda: asking.pool.counts()["stopped"] or _all_slow(asking))
        for _ in range(3):
            assert await asyncio.wait_for(asking.read(QUICK, asker=light), 20) == b"[true]\n"
        assert not any(one.done() for one in endless)
        slow = sum(seat.slow for seat in asking.pool._crew._seats)
        assert slow <= workers + 1
        for one in endless:
            one.cancel()

    with Asking(location, workers=workers, slow_after=0.2) as asking:
        asking.answer(QUICK)
        asyncio.run(asked(asking))


def _all_slow(asking: Asking) -> bool:
    seats = asking.pool._crew._seats
    return len(seats) > asking.pool._crew.size and all(seat.slow for seat in seats)


def test_what_is_known_to_be_slow_takes_the_last_worker_no_more(location):
    async def asked(asking, running):
        endless = [asyncio.create_task(asking.read(text)) for text in ENDLESS_ONES[:2]]
        await asyncio.to_thread(until, lambda: asking.pool.counts()["running"] == running)
        counted = asking.pool.counts()
        ends = await asyncio.gather(*endless, return_exceptions=True)
        assert {type(end) for end in ends} <= {TimeLimitError, BusyError}
        return counted["running"], counted["waiting"]

    with Asking(location, workers=2, slow_after=0.2, limits=Limits(seconds=3)) as asking:
        for text in ENDLESS_ONES[:2]:
            asyncio.run(asking.pool.checked("ann", text))
        assert asyncio.run(asked(asking, 2)) == (2, 0)
        assert asyncio.run(asked(asking, 1)) == (1, 1)


def test_large_answers_that_nobody_reads_never_hold_up_a_quick_question(location):
    async def asked(asking):
        large = [f"SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}  # {number}" for number in range(4)]
        reading = [asyncio.create_task(asking.begin(text, "json")) for text in large]
        await asyncio.to_thread(until, lambda: any(one.done() for one in reading))
        for name in ("ann", "ben"):
            assert await asyncio.wait_for(asking.read(QUICK, asker=name), 20) == b"[true]\n"
        assert sum(one.done() for one in reading) == 1  # of two workers one asker does not get both
        other = await asking.begin(large[0], "json", asker="ben")
        assert not other.is_whole
        for one in reading:
            one.cancel()

    with Asking(location, workers=2, slow_after=60) as asking:
        asyncio.run(asked(asking))


@asynccontextmanager
async def crewed(**settings):
    crew = Crew(**{"size": 2, "waiting": 64, "patience": 60, "slow_after": 60, **settings})
    try:
        yield crew
    finally:
        await crew.close()


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_askers_take_turns_however_much_one_of_them_asks():
    async def taken():
        order: list[str] = []

        async def take(crew, asker):
            seat = await crew.take(asker, 60)
            order.append(asker)
            return seat

        async with crewed() as crew:
            held = [await take(crew, "ann"), await take(crew, "ben")]
            waiting = []
            for asker in ["ann", "ann", "ann", "ben", "eve", "eve"]:
                waiting.append(asyncio.create_task(take(crew, asker)))
                await _settle()
            for number in range(len(waiting)):
                crew.release(held.pop(0), fit=True)
                done = await _next(waiting, number + 1)
                held.append(done)
            for seat in held:
                crew.release(seat, fit=True)
        return order

    async def _next(waiting, number):
        while sum(one.done() for one in waiting) < number:
            await asyncio.sleep(0.01)
        (done,) = [one for one in waiting if one.done() and one not in seen]
        seen.append(done)
        return done.result()

    seen: list[asyncio.Task] = []
    assert asyncio.run(taken()) == ["ann", "ben", "ann", "ben", "eve", "ann", "eve", "ann"]


def test_one_asker_who_holds_all_workers_holds_up_nobody_else():
    async def taken():
        async with crewed() as crew:
            held = [await crew.take("ann", 60), await crew.take("ann", 60)]
            third = asyncio.create_task(crew.take("ann", 60))
            await _settle()
            held.append(await asyncio.wait_for(crew.take("ben", 60), 20))
            assert not third.done()
            assert [seat.asker for seat in crew._seats] == ["ann", "ann", "ben"]
            third.cancel()

    asyncio.run(taken())


def test_of_slow_questions_that_begin_as_such_one_worker_less_than_all_work():
    async def taken(size):
        async with crewed(size=size) as crew:
            waiting = [
                asyncio.create_task(crew.take(str(number), 60, slow=True)) for number in range(size + 1)
            ]
            while sum(one.done() for one in waiting) < max(1, size - 1):
                await asyncio.sleep(0.01)
            await _settle()
            assert (crew.running, crew.waiting) == (max(1, size - 1), size + 1 - max(1, size - 1))
            for one in waiting:
                one.cancel()
            await asyncio.wait(waiting)

    for size in (1, 2, 3):
        asyncio.run(taken(size))
