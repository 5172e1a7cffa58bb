"""What the tests of the pool ask, and how they see its processes."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from aimsgraph.query import Limits, data_of
from aimsgraph.query.pool import Pool
from aimsgraph.query.running import Question, Running
from aimsgraph.store import open_view

#: A question that no machine answers in a lifetime.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUICK = "ASK { ex:s1 ex:next ex:s2 }"

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended meanwhile
            found.update(map(int, (task / "children").read_text(encoding="ascii").split()))
    return found


def until(holds, seconds: float = 20):
    """Wait until something holds, and return what it came to."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)
    return found


class Asking:
    """A pool, the view that it is asked about, and questions in the words of the tests."""

    def __init__(self, location: Path, **settings) -> None:
        self.view = open_view(location)
        self.pool = Pool(**settings)

    async def begin(
        self,
        text: str,
        form: str = "terms",
        asker: str = "ann",
        bindings=None,
        default=None,
        named=None,
        **limits,
    ) -> Running:
        checked = await self.pool.checked(asker, text)
        allowed = Limits(**limits) if limits else self.pool.limits
        with data_of(self.view) as place:
            question = Question.about(
                checked, place, asker=asker, form=form, limits=allowed,
                bindings=bindings, default=default, named=named,
            )  # fmt: skip
        return await self.pool.begin(question)

    async def read(self, text: str, form: str = "terms", asker: str = "ann", **limits) -> bytes:
        running = await self.begin(text, form, asker, **limits)
        found = b"".join(running.portions)
        while (portion := await self.pool.more(running)) is not None:
            found += portion
        return found

    def answer(self, text: str, form: str = "terms", asker: str = "ann", **limits) -> bytes:
        return asyncio.run(self.read(text, form, asker, **limits))

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.close()
