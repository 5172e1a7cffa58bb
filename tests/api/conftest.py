"""A server as a program of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.serving import answering

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx


@pytest.fixture(scope="module")
def server(demo_folder: Path) -> Iterator[httpx.Client]:
    store = demo_folder / "aimsgraph-demo" / "meridian.store"
    with answering(
        sys.executable, "-m", "aimsgraph", "serve", "--store", str(store), "--port", "0"
    ) as client:
        yield client
