"""The HTTP API of aimsgraph: the answers of the engine as JSON, and writes that pass a gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aimsgraph_api.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """Import the application when it is asked for: the processes that do jobs need none of it."""
    if name not in __all__:
        raise AttributeError(name)
    from aimsgraph_api.app import create_app

    return create_app
