"""The real SPARQL servers that the contract tests start on loopback, each for as long as a ``with`` block runs.

``SERVERS`` names them. Each gives an :class:`Endpoint` that may read and write and that nobody else uses; what each is
known not to do is in ``shortcomings.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.contract.servers import jena, oxigraph, virtuoso

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from aimsgraph.store import Endpoint

SERVERS: Final[dict[str, Callable[[], AbstractContextManager[Endpoint]]]] = {
    "oxigraph": oxigraph.serving,
    "jena": jena.serving,
    "virtuoso": virtuoso.serving,
}
_MISSING: Final = {"oxigraph": oxigraph.missing, "jena": jena.missing, "virtuoso": virtuoso.missing}


def started(name: str) -> AbstractContextManager[Endpoint]:
    """Return a new, empty server, to be entered by ``with``; the test skips where it is not installed."""
    missing = _MISSING[name]()
    if missing is not None:
        pytest.skip(missing)
    return SERVERS[name]()


def described(endpoint: Endpoint, folder: Path) -> Path:
    """Write a server file that describes a server, for those who cannot be handed an :class:`Endpoint`."""
    access = endpoint.access
    lines = [f'query = "{endpoint.address}"']
    if endpoint.profile is not None:
        lines.append(f'profile = "{endpoint.profile}"')
    if access.secret is not None:
        lines += ["[auth]", f'kind = "{access.kind}"', f'user = "{access.user}"']
        lines.append(f'password_file = "{access.secret.file}"')
    path = folder / "server.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
