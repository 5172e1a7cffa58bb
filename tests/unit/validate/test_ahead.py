"""Parts worked on ahead give the results of parts worked on one after the other."""

from __future__ import annotations

import threading
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimsgraph.validate.shacl.ahead import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def counting(start: int, count: int) -> Iterator[int]:
    yield from range(start, start + count)


def failing(after: int) -> Iterator[int]:
    yield from range(after)
    raise ValueError("no more")


def workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("aimsgraph-shape")]


@given(st.lists(st.integers(0, 2500), max_size=6), st.integers(1, 4))
def test_results_come_in_the_order_of_the_parts(counts: list[int], number: int) -> None:
    parts: list[Callable[[], Iterator[int]]] = [
        partial(counting, 10_000 * at, n) for at, n in enumerate(counts)
    ]
    assert list(in_order(parts, number)) == list(chain.from_iterable(part() for part in parts))


def test_what_a_part_raises_comes_after_the_results_before_it() -> None:
    found = in_order([partial(counting, 0, 3), partial(failing, 2), partial(counting, 0, 3)])
    assert list(islice(found, 5)) == [0, 1, 2, 0, 1]
    with pytest.raises(ValueError, match="no more"):
        next(found)
    assert workers() == []


def test_who_stops_early_leaves_no_worker_behind() -> None:
    found = in_order([partial(counting, 0, 10_000_000), partial(counting, 0, 10_000_000)])
    assert next(found) == 0
    assert workers()
    found.close()
    assert workers() == []
