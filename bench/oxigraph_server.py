"""A real Oxigraph server on a loopback port, for as long as a ``with`` block runs; the package oxigraph brings it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PATIENCE: Final = 30.0


def program() -> str | None:
    """Return the path of the server program, or None when it is not installed."""
    return shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or shutil.which("oxigraph")


@contextmanager
def serving(*files: Path) -> Iterator[str]:
    """Load files (N-Triples or N-Quads) into a new server, and give the address of its query endpoint."""
    oxigraph = program()
    if oxigraph is None:
        raise FileNotFoundError("the program oxigraph is not installed")
    with tempfile.TemporaryDirectory(prefix="oxigraph-") as folder:
        if files:
            load = [
                oxigraph,
                "load",
                "--location",
                folder,
                *(part for file in files for part in ("--file", file)),
            ]
            subprocess.run(load, check=True, capture_output=True)
        port = free_port()
        server = subprocess.Popen(
            [oxigraph, "serve", "--location", folder, "--bind", f"127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(server, port)
            yield f"http://127.0.0.1:{port}/query"
        finally:
            server.kill()
            server.wait()


def free_port() -> int:
    """Return a port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until a server that was just started answers on its port of loopback.

    :raises TimeoutError: it does not, or has ended.
    """
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
        except urllib.error.HTTPError as answer:  # it has nothing at this address, but it is there
            answer.close()
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server does not answer")
