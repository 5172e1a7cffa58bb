"""Wrong keys cost time, and many at once are not looked at; nothing is kept of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import TooManyAttemptsError
from aimsgraph_api import attempts
from aimsgraph_api.attempts import MOST, Attempts
from tests.api.access.conftest import bearer, key_for

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

LONG = 3600.0


async def waiting(found: Attempts, *addresses: str) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(found.wait(address)) for address in addresses]
    await asyncio.sleep(0)
    return tasks


async def ended(found: Attempts, tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert dict(found._waiting) == {}


def test_so_many_at_once_are_looked_at_and_no_more():
    async def law() -> None:
        found = Attempts(LONG)
        tasks = await waiting(found, *["10.0.0.1"] * (MOST - 1))
        found.check("10.0.0.1")
        tasks += await waiting(found, "10.0.0.1")
        with pytest.raises(TooManyAttemptsError):
            found.check("10.0.0.1")
        found.check("10.0.0.2")
        await ended(found, tasks)
        found.check("10.0.0.1")

    asyncio.run(law())


def test_the_addresses_of_one_network_in_ipv6_count_as_one():
    async def law() -> None:
        found = Attempts(LONG)
        tasks = await waiting(found, *(f"2001:db8::{number}" for number in range(MOST)))
        with pytest.raises(TooManyAttemptsError):
            found.check("2001:db8::ffff:1")
        found.check("2001:db8:0:1::1")
        await ended(found, tasks)

    asyncio.run(law())


@pytest.mark.parametrize(
    ("address", "holder"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("a proxy's word", "a proxy's word"),
    ],
)
def test_whose_an_address_is(address: str, holder: str):
    assert attempts._holder(address) == holder


def test_those_who_wait_are_bounded(monkeypatch: pytest.MonkeyPatch):
    async def law() -> None:
        monkeypatch.setattr(attempts, "MOST_OF_ALL", 5)
        found = Attempts(LONG)
        tasks = await waiting(found, *(f"10.0.0.{number}" for number in range(9)))
        assert found._waiting.total() == 5
        assert sum(task.done() for task in tasks) == 4
        await ended(found, tasks)

    asyncio.run(law())


def test_an_address_with_too_many_is_told_to_wait(
    asked: TestClient, file: Path, monkeypatch: pytest.MonkeyPatch
):
    key = key_for(file, "ada")
    found = asked.app.state.recognition._attempts  # type: ignore[attr-defined]
    monkeypatch.setitem(found._waiting, "127.0.0.1", MOST)
    answer = asked.get("/who", headers=bearer(key))
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-attempts")
    assert answer.headers["retry-after"] == "1"
    assert asked.get("/who").status_code == 401
    found._waiting.clear()
    assert asked.get("/who", headers=bearer(key)).status_code == 200
