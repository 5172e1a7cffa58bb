"""Frozen value objects: what every command, route and call answers with. No graph lives in here."""
