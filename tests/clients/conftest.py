"""Servers of the example organisation, to read and to write."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import requests

import aimsgraph
from aimsgraph.client import Client
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aimsgraph.engine import Graph


@pytest.fixture(scope="session")
def store(demo_folder: Path) -> Path:
    return demo_folder / "aimsgraph-demo" / "meridian.store"


@pytest.fixture(scope="session")
def graph(store: Path) -> Graph:
    return aimsgraph.open(store)


@pytest.fixture(scope="session")
def address(store: Path) -> Iterator[str]:
    """Where anybody may read."""
    with serving(store, "auditor") as found:
        yield str(found.base_url).rstrip("/")


@pytest.fixture(scope="session")
def editable(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where anybody may write."""
    copy = shutil.copytree(store, tmp_path_factory.mktemp("editable") / "copy.store")
    with serving(copy, "administrator") as found:
        yield str(found.base_url).rstrip("/")


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[Client]:
    with Client(address) as found:
        yield found


def needs(address: str, *routes: str) -> None:
    """Skip, visibly, what a server cannot do that has no such routes."""
    document = requests.get(f"{address}/api/v1/openapi.json", timeout=30).json()
    missing = [route for route in routes if route not in document["paths"]]
    if missing:
        pytest.skip(f"this server has no {', '.join(missing)}")
