"""A server as a program of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def server(demo_folder: Path) -> Iterator[httpx.Client]:
    store = demo_folder / "aimsgraph-demo" / "meridian.store"
    command = [sys.executable, "-m", "aimsgraph", "serve", "--store", str(store), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, ended(process):
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address, said
        with httpx.Client(base_url=address[0], timeout=60, trust_env=False) as client:
            yield client


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    """End the server as Ctrl-C does, and by force should it not listen, whatever happens in the block."""
    try:
        yield
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    finally:
        process.kill()
