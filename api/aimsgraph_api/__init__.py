"""The HTTP API of aimsgraph: the answers of the engine as JSON, read-only, on loopback."""

from aimsgraph_api.app import create_app

__all__ = ["create_app"]
