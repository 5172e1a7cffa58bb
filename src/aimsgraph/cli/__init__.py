"""The command line: each command parses its words, calls the engine and prints the answer."""

from aimsgraph.cli.program import main

__all__ = ["main"]
