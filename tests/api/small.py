"""A small store, and the application over it within the test's own process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

import aimsgraph
from aimsgraph_api.app import create_app
from aimsgraph_api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from aimsgraph.model.access import Role

EX = "https://example.org/meridian/"
#: Prefixes, two owners and a model: nothing in it is a violation.
TURTLE = f"""@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <{EX}> .
ex:ana a aims:Owner ; rdfs:label "Ana" .
ex:bo a aims:Owner ; rdfs:label "Bo" .
"""


def made(folder: Path) -> Path:
    """Make the store in a folder, and return its place."""
    return copied(_made(), folder)


@cache
def _made() -> Path:
    """Make the store once for all tests of this process; they have copies."""
    folder = Path(tempfile.mkdtemp(prefix="small-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "first.ttl").write_text(TURTLE, encoding="utf-8")
    graph = aimsgraph.init(folder / "aims.store")
    graph.load(folder / "first.ttl", author="ana")
    return folder / "aims.store"


@contextmanager
def serving(store: Path, role: Role | None = "administrator", **more: Any) -> Iterator[TestClient]:
    """Serve a store to whoever asks, in a role."""
    app = create_app(Settings(store, anonymous=role, hosts=("testserver",), **more))
    with TestClient(app, base_url="http://testserver/api/v1", raise_server_exceptions=False) as client:
        yield client


def copied(store: Path, folder: Path) -> Path:
    """Return a copy of a store."""
    shutil.copytree(store, folder / "aims.store")
    return folder / "aims.store"
