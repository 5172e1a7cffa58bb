"""A small real store on disk for the tests of query execution."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aimsgraph.store import create
from aimsgraph.store.folder import DATABASE

if TYPE_CHECKING:
    from pathlib import Path

HISTORY = "https://w3id.org/aimsgraph/graph/history"


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode("https://example.org/meridian/" + name)


@pytest.fixture(scope="session")
def location(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of four things with a number and a kind, a chain of three, 300 long texts, and a named history."""
    folder = tmp_path_factory.mktemp("here") / "store"
    create(folder, now=datetime(2026, 9, 30, tzinfo=UTC))
    store = ox.Store(folder / DATABASE)
    for number in range(4):
        store.add(ox.Quad(node(f"s{number}"), node("number"), ox.Literal(number)))
        store.add(ox.Quad(node(f"s{number}"), node("kind"), node(f"k{number % 2}")))
    store.add(ox.Quad(node("s1"), node("next"), node("s2")))
    store.add(ox.Quad(node("s2"), node("next"), node("s3")))
    store.add(ox.Quad(node("s0"), node("name"), ox.Literal('"zero" service', language="en")))
    for number in range(300):
        store.add(ox.Quad(node(f"t{number}"), node("text"), ox.Literal(f"{number} " + "x" * 1000)))
    store.add(ox.Quad(node("c1"), node("message"), ox.Literal("first"), ox.NamedNode(HISTORY)))
    store.flush()
    del store
    return folder
