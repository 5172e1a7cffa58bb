"""What is calculated for somebody who has gone is left off."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

import aimsgraph
from aimsgraph.attention import Asker, LeftOffError, calculate_for, go_on
from aimsgraph_api import create_app
from aimsgraph_api.settings import Settings
from aimsgraph_api.turns import TURN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI

    from aimsgraph.engine import Graph

MODEL = "Credit scoring"
CALCULATIONS: dict[str, Callable[[Graph], Any]] = {
    "impact": lambda graph: graph.impact(MODEL),
    "why": lambda graph: graph.explain_impact(MODEL, target=graph.impact(MODEL).nodes[0].id),
    "risks": lambda graph: graph.risks(),
    "fix-first": lambda graph: graph.fix_first(),
    "common": lambda graph: graph.common(of=["aims:AISystem"]),
    "paths": lambda graph: graph.paths(graph.lineage(MODEL).nodes[-1].id, MODEL),
    "blast-radius": lambda graph: graph.blast_radius(),
}


@pytest.fixture(scope="module")
def store(demo_folder: Path) -> Path:
    return demo_folder / "aimsgraph-demo" / "meridian.store"


@pytest.fixture(scope="module")
def app(store: Path) -> FastAPI:
    """The application, with a calculation of the tests' own that goes on for a minute unless it is left off."""
    app = create_app(Settings(store, calculating=1, patience=60.0))
    app.state.begun, app.state.left_off = 0, 0

    @app.get("/api/v1/long", dependencies=[TURN])
    def long() -> str:
        app.state.begun += 1
        end = time.monotonic() + 60
        try:
            while time.monotonic() < end:
                go_on()
                time.sleep(0.001)
        except LeftOffError:
            app.state.left_off += 1
            raise
        return "done"

    return app


@pytest.mark.parametrize("name", CALCULATIONS)
def test_each_calculation_is_left_off_when_nobody_waits(store: Path, name: str) -> None:
    graph = aimsgraph.open(store)

    async def asked(asker: Asker) -> Any:
        calculate_for(asker)
        return await asyncio.to_thread(CALCULATIONS[name], graph)

    here, gone = Asker(), Asker()
    gone.has_gone = True
    answer = asyncio.run(asked(here))
    with pytest.raises(LeftOffError):
        asyncio.run(asked(gone))
    assert asyncio.run(asked(here)) == answer  # nothing half done is left behind
    assert CALCULATIONS[name](graph) == answer


class Leaving(Asker):
    """Somebody who goes when it has been looked for them so many times."""

    def __init__(self, looks: float) -> None:
        self.looked, self._looks = 0, looks

    @property
    def has_gone(self) -> bool:  # type: ignore[override]
        self.looked += 1
        return self.looked > self._looks


@pytest.mark.parametrize("name", ["common", "risks"])
def test_a_calculation_that_is_left_in_its_midst_leaves_nothing_half_done(store: Path, name: str) -> None:
    graph, stays = aimsgraph.open(store), Leaving(float("inf"))

    async def asked(asker: Asker) -> Any:
        calculate_for(asker)
        return await asyncio.to_thread(CALCULATIONS[name], graph)

    answer = asyncio.run(asked(stays))
    with pytest.raises(LeftOffError):
        asyncio.run(asked(Leaving(stays.looked // 2)))
    assert CALCULATIONS[name](graph) == answer


class Connection:
    """A connection of a client who leaves when told to."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self.leaves = asyncio.Event()
        self.status: int | None = None
        self._asked = False

    async def ask(self, path: str) -> None:
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "scheme": "http", "headers": [(b"host", b"127.0.0.1")], "client": ("127.0.0.1", 1), "http_version": "1.1",
            "server": ("127.0.0.1", 80), "root_path": "", "asgi": {"version": "3.0"},
        }  # fmt: skip
        await self._app(scope, self._receive, self._send)  # type: ignore[arg-type]

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]


def test_who_leaves_ends_the_calculation_and_gives_the_turn_to_the_next(app: FastAPI) -> None:
    async def asked() -> tuple[int | None, ...]:
        first, second, third = (Connection(app) for _ in range(3))
        calculating = asyncio.create_task(first.ask("/api/v1/long"))
        while not app.state.begun:
            await asyncio.sleep(0.005)
        never_begun = asyncio.create_task(second.ask("/api/v1/long"))
        waiting = asyncio.create_task(third.ask("/api/v1/cycles"))
        while app.state.turns.waiting < 2:
            await asyncio.sleep(0.005)
        second.leaves.set()
        first.leaves.set()
        await asyncio.wait_for(asyncio.gather(calculating, never_begun, waiting), 30)
        return first.status, second.status, third.status

    assert asyncio.run(asked()) == (499, 499, 200)
    assert (app.state.begun, app.state.left_off) == (1, 1)
    assert app.state.turns.running == 0
