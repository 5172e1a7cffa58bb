"""Starts the program in new processes that need not import it, nor read the shapes: each is forked from this one.

A line on stdin asks for a start, in JSON; a line on stdout says with which status it ended.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module

from aimsgraph.cli.program import COMMANDS, main
from aimsgraph.validate import load_shapes


def serve() -> None:
    """Start what is asked for, one after the other, until nothing more can be asked."""
    # No store may be opened here: the engine's threads would not come along.
    for command in COMMANDS.values():
        import_module(f"aimsgraph.cli.{command.partition(':')[0]}")
    import_module("aimsgraph.engine")
    import_module("jinja2")
    load_shapes()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            become(asked)
            main(asked["words"])
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def become(asked: dict[str, object]) -> None:
    """Make this process what a shell would have made it: its folder, its environment, its three files."""
    os.chdir(str(asked["folder"]))
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[arg-type]
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        flags = os.O_RDONLY if name == "stdin" else os.O_WRONLY | os.O_APPEND
        os.dup2(os.open(str(asked[name]), flags), number)
        setattr(sys, name, open(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False))  # noqa: SIM115 - it lives as long as the process


if __name__ == "__main__":
    try:
        serve()
    except Exception:  # noqa: BLE001 - what a person would see of it
        traceback.print_exc()
        sys.exit(1)
