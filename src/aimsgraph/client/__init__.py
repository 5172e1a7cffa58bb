"""The client of a server: its answers are the same value objects, its errors the same errors, as those of the engine.

    from aimsgraph.client import Client

    server = Client("http://127.0.0.1:8042")
    server.lineage("Credit scorecard v3")

It needs nothing of the engine, so that it is there quickly.
"""

from aimsgraph.client.answer import Answer, Term
from aimsgraph.client.client import Client

__all__ = ["Answer", "Client", "Term"]
