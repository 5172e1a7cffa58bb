"""A store to load into."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from aimsgraph import store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aimsgraph.store import Writer

NOW = datetime(2026, 9, 30, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty store in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "aims.store"
    store.create(path, now=NOW)
    return path


@pytest.fixture
def writer(folder: Path) -> Iterator[Writer]:
    """The writer of that store."""
    with store.open_writer(folder) as writer:
        yield writer
