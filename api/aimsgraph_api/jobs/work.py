"""What the process of a job does: the work, with reports of its progress, and a last word.

That is ``{"media_type", "filename", "snapshot"}``, with the result in the file ``result`` of the job's folder, or
``{"code", "message", "hint", "problems", "findings"}``. When the server is gone, so is the process.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.errors import AimsgraphError, FindingsError
from aimsgraph.query.confinement import confine, end_after
from aimsgraph.store import is_address
from aimsgraph_api.jobs.tasks import TASKS

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from pydantic import BaseModel

#: The status with which a process ends that has run out of memory.
OUT_OF_MEMORY: Final = 77
#: Seconds between two reports of progress.
_PAUSE: Final = 0.1


class Reporter:
    """Says how far the work is, not more often than somebody could read it."""

    def __init__(self, out: Connection) -> None:
        self._out = out
        self._last = 0.0
        self._text = ""

    def __call__(self, done: float, total: float, text: str) -> None:
        """Take a report of the engine."""
        now = time.monotonic()
        if now - self._last >= _PAUSE or text != self._text:
            self._last, self._text = now, text
            self._out.send({"progress": round(min(1.0, done / total), 4) if total else None, "message": text})


def do(request: dict[str, Any], out: Connection) -> None:
    """Do one job, and end the process."""
    _settle(Path(request["folder"]) / "files")
    threading.Thread(target=_end_with_the_server, args=(out,), daemon=True).start()
    if not is_address(request["store"]) and not request["store"].endswith(".toml"):
        confine(request["memory"])
        end_after(request["seconds"])
    try:
        outcome = TASKS[request["kind"]](request["store"], request["words"], Reporter(out))
        outcome.write(Path(request["folder"]) / "result")
        last: dict[str, Any] = {
            "media_type": outcome.media_type, "filename": outcome.filename, "snapshot": outcome.snapshot,
        }  # fmt: skip
    except AimsgraphError as error:
        last = fault(error)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    out.send(last)
    os._exit(0)  # what was read need not be taken down piece by piece


def fault(error: AimsgraphError) -> dict[str, Any]:
    """Return what is to be known of an error outside."""
    found: tuple[Any, ...] = error.findings if isinstance(error, FindingsError) else ()
    models: tuple[BaseModel, ...] = found
    return {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "problems": [[one.message, one.path, one.line, one.column] for one in error.problems],
        "findings": [one.model_dump(mode="json") for one in models],
    }


def _settle(folder: Path) -> None:
    """Go to the folder of the files that came, from which nothing is ever imported, and say nothing to anybody else."""
    sys.path[:] = [str(Path(place).resolve()) for place in sys.path if place]
    os.chdir(folder)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)


def _end_with_the_server(out: Connection) -> None:
    out.poll(None)  # nothing is ever sent here: it is closed
    os._exit(1)
