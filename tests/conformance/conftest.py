"""An empty store that is served to somebody who may do everything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from aimsgraph import store
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


@pytest.fixture(scope="package")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("endpoint") / "aims.store"
    store.create(folder, now=datetime.now(UTC))  # without the ontology nothing is inferred, which takes time
    with serving(folder, "administrator") as client:
        yield client
