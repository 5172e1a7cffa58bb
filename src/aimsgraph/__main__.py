"""Runs the command line: ``python -m aimsgraph``."""

from aimsgraph.cli import main

main()
