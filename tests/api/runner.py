"""Serves a store to editors without names, for tests: ``python -m tests.api.runner STORE``."""

import sys
from pathlib import Path

from aimsgraph_api.server import run
from aimsgraph_api.settings import Settings

if __name__ == "__main__":
    run(
        Settings(Path(sys.argv[1]), anonymous="editor"),
        host="127.0.0.1",
        port=0,
        announce=lambda said: sys.stderr.write(f"{said}\n"),
    )
