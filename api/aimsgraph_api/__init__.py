"""The HTTP API of aimsgraph."""
