"""Stores to write into."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aimsgraph import store

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)
EX = "https://example.org/"
G1, G2 = EX + "graph/1", EX + "graph/2"


def quad(subject: str, predicate: str, value: str | int, graph: str | None = None) -> ox.Quad:
    """A quad of example.org names; numbers become integers."""
    node = ox.NamedNode
    place = node(graph) if graph else ox.DefaultGraph()
    term = ox.Literal(value) if isinstance(value, int) else node(EX + value)
    return ox.Quad(node(EX + subject), node(EX + predicate), term, place)


def union(view: store.EmbeddedView) -> set[str]:
    """The union as N-Triples without example.org."""
    quads = view.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    return {str(found.triple).replace(EX, "") for found in quads}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty store."""
    path = tmp_path / "aims.store"
    store.create(path, now=NOW)
    return path
