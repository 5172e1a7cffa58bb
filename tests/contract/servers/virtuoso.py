"""Virtuoso of the Debian package: Digest authentication, and its own ideas of SPARQL."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.oxigraph_server import free_port, wait_for

from aimsgraph.store import Endpoint
from aimsgraph.store.access import Access, Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The password of a new Virtuoso's administrator, which its makers publish.
PASSWORD: Final = "dba"  # noqa: S105 - no secret: a server on loopback that lives for one test
_SETTINGS: Final = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 20
CheckpointInterval = 0
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = .

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
MaxClientConnections = 10

[SPARQL]
ResultSetMaxRows = 10000
"""


def missing() -> str | None:
    """Say what is not installed, or None."""
    if shutil.which("virtuoso-t") is None:
        return "Virtuoso is not installed (Debian package virtuoso-opensource-7-bin)"
    return None


@contextmanager
def serving() -> Iterator[Endpoint]:
    """Give a new server with nothing in it but its own three graphs."""
    with tempfile.TemporaryDirectory(prefix="virtuoso-") as name:
        folder = Path(name)
        http = free_port()
        (folder / "virtuoso.ini").write_text(_SETTINGS.format(sql=free_port(), http=http))
        (folder / "password").write_text(PASSWORD)
        server = subprocess.Popen(
            ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(server, http)
            yield Endpoint(
                f"http://127.0.0.1:{http}/sparql-auth",
                profile="virtuoso",
                access=Access("digest", user="dba", secret=Secret(file=folder / "password")),
            )
        finally:
            server.kill()
            server.wait()
