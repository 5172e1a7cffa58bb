"""A server as a program of its own, on a free port of loopback, for as long as a test needs it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM: Final = """
import sys
from pathlib import Path
from aimsgraph_api import server
from aimsgraph_api.settings import Settings
settings = Settings(Path(sys.argv[1]), anonymous=sys.argv[2], origins=tuple(sys.argv[3:]))
server.run(settings, host="127.0.0.1", port=0, announce=lambda text: print(text, file=sys.stderr, flush=True))
"""


@contextmanager
def serving(store: Path, role: str, *origins: str) -> Iterator[httpx.Client]:
    """Serve a store to anybody, in a role; give a client that keeps its connection."""
    with answering(sys.executable, "-c", PROGRAM, str(store), role, *origins) as client:
        yield client


@contextmanager
def answering(*command: str) -> Iterator[httpx.Client]:
    """Start a server that says its address on stderr; give a client that keeps its connection."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, ended(process):
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address, said + process.stderr.read()
        with httpx.Client(base_url=address[0], timeout=60, trust_env=False) as client:
            yield client


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    """End a server as Ctrl-C does, and by force should it not listen, whatever happens in the block."""
    try:
        yield
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    finally:
        process.kill()
