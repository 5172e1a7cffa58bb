"""Writers of one process wait for each other, in turn, and not for ever."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import StoreLockedError
from aimsgraph.store import create, open_writer
from aimsgraph.store.turns import turn

if TYPE_CHECKING:
    from pathlib import Path


def test_who_came_first_is_first(tmp_path: Path) -> None:
    order: list[int] = []

    def wait(number: int) -> None:
        with turn(tmp_path, 30):
            order.append(number)

    with turn(tmp_path, 30):
        threads = []
        for number in range(5):
            threads.append(threading.Thread(target=wait, args=(number,)))
            threads[-1].start()
            time.sleep(0.05)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_who_waits_in_vain_is_told_and_leaves_the_queue(tmp_path: Path) -> None:
    with turn(tmp_path, 1), pytest.raises(StoreLockedError), turn(tmp_path, 0.05):
        pass
    with turn(tmp_path, 0.05) as left:
        assert left > 0


def test_two_stores_have_nothing_to_do_with_each_other(tmp_path: Path) -> None:
    with turn(tmp_path / "one", 1), turn(tmp_path / "other", 1) as left:
        assert left > 0


def test_a_writer_waits_for_the_one_before_it(tmp_path: Path) -> None:
    create(tmp_path / "a.store", now=datetime.now(UTC))
    done: list[str] = []

    def write() -> None:
        with open_writer(tmp_path / "a.store", patience=30):
            done.append("second")

    with open_writer(tmp_path / "a.store", patience=1):
        thread = threading.Thread(target=write)
        thread.start()
        time.sleep(0.1)
        done.append("first")
    thread.join()
    assert done == ["first", "second"]


def test_without_patience_a_locked_store_is_told_at_once(tmp_path: Path) -> None:
    create(tmp_path / "a.store", now=datetime.now(UTC))
    with (
        open_writer(tmp_path / "a.store"),
        pytest.raises(StoreLockedError),
        open_writer(tmp_path / "a.store"),
    ):
        pass
