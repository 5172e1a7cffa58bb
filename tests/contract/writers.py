"""Where the contract of writers is tested: each kind of place, and what is known to go wrong there.

To add a server: a context manager that starts it empty and gives its ``Endpoint``, one line in ``PLACES``, and in
``EXPECTED`` the tests that it cannot pass, each with the reason.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from bench.oxigraph_server import program, serving

from aimsgraph.store import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path


@contextmanager
def embedded(folder: Path) -> Iterator[Path]:
    """A place for a store in a folder."""
    yield folder / "aims.store"


@contextmanager
def oxigraph(_folder: Path) -> Iterator[Endpoint]:
    """An empty Oxigraph server."""
    if program() is None:
        pytest.skip("the Oxigraph server is not installed (package oxigraph)")
    with serving() as address:
        yield Endpoint(address)


#: Name of a kind of place → what makes an empty one.
PLACES: Final[dict[str, Callable[[Path], AbstractContextManager[Path | Endpoint]]]] = {
    "embedded": embedded,
    "oxigraph": oxigraph,
}
#: Name of a kind of place → name of a test that fails there, and why.
EXPECTED: Final[dict[str, dict[str, str]]] = {}
