"""Apache Jena (ARQ and TDB2) of the Debian package, behind ``JenaServer.java``."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
import zipfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aimsgraph.store import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE: Final = Path(__file__).with_name("JenaServer.java")
_JARS: Final = Path("/usr/share/java")
_NAMES: Final = (
    "jena-arq", "jena-base", "jena-core", "jena-iri", "jena-tdb2", "jena-dboe-base", "jena-dboe-index",
    "jena-dboe-storage", "jena-dboe-trans-data", "jena-dboe-transaction", "commons-cli", "commons-codec",
    "commons-compress", "commons-csv", "commons-io", "commons-lang3", "dexx.collection", "gson", "guava",
    "protobuf", "slf4j-api", "slf4j-nop", "thrift",
)  # fmt: skip
_LIBRARIES: Final = ":".join(str(_JARS / f"{jar}.jar") for jar in _NAMES)
#: Each commit waits for the disk several times, which a test need not.
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of a name that nobody can guess is made in it
_XERCES: Final = "org/apache/jena/ext/"


def missing() -> str | None:
    """Say what is not installed, or None."""
    if not all((_JARS / f"{name}.jar").is_file() for name in _NAMES):
        return "Apache Jena is not installed (Debian package libapache-jena-java)"
    if shutil.which("java") is None or shutil.which("javac") is None:
        return "no JDK is installed (Debian package default-jdk-headless)"
    return None


@contextmanager
def serving() -> Iterator[Endpoint]:
    """Give a new server with nothing in it."""
    with tempfile.TemporaryDirectory(prefix="jena-", dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        server = subprocess.Popen(
            [
                "java", "-Xmx1g", "-XX:+UseSerialGC", "-Dsun.net.httpserver.nodelay=true",
                "-cp", f"{_compiled()}:{_LIBRARIES}", "JenaServer", Path(name, "data"),
            ],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline() or 0)
            if not port:
                raise RuntimeError("the Jena server ended as soon as it was started")
            yield Endpoint(f"http://127.0.0.1:{port}/query")
        finally:
            server.kill()
            server.communicate()


@cache
def _compiled() -> Path:
    """Compile the server, once for all that this process starts."""
    folder = Path(tempfile.mkdtemp(prefix="jena-classes-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _unpack_messages(folder)
    command = ["javac", "-nowarn", "-d", folder, "-cp", _LIBRARIES, SOURCE]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def _unpack_messages(folder: Path) -> None:
    """Put the texts of Jena's copy of Xerces where the Debian package looks for them in vain."""
    with zipfile.ZipFile(_JARS / "jena-core.jar") as jar:
        for entry in jar.namelist():
            if entry.startswith(_XERCES + "xerces/") and entry.endswith(".properties"):
                target = folder / entry.removeprefix(_XERCES)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(jar.read(entry))
