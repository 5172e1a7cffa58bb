"""The process that does one job: the request as a line on stdin, progress and the outcome as lines on stdout.

The last line is ``{"media_type", "filename", "snapshot"}``, with the result in the file ``result`` of the job's folder,
or ``{"code", "message", "hint", "problems", "findings"}``. When stdin closes the server is gone, and so is the process.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from aimsgraph.errors import AimsgraphError, FindingsError
from aimsgraph.query.worker import confine
from aimsgraph.store import is_address
from aimsgraph_api.jobs.tasks import TASKS

if TYPE_CHECKING:
    from pydantic import BaseModel

#: Seconds between two reports of progress.
_PAUSE = 0.1
_OUT_OF_MEMORY = 77


class Reporter:
    """Says how far the work is, not more often than somebody could read it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._last = 0.0
        self._text = ""

    def __call__(self, done: float, total: float, text: str) -> None:
        """Take a report of the engine."""
        now = time.monotonic()
        if now - self._last >= _PAUSE or text != self._text:
            self._last, self._text = now, text
            self.say({"progress": round(min(1.0, done / total), 4) if total else None, "message": text})

    def say(self, content: dict[str, Any]) -> None:
        """Write a line."""
        self._out.write(json.dumps(content).encode() + b"\n")
        self._out.flush()


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


def main() -> None:
    """Do one job."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not be taken for an outcome
    line = sys.stdin.buffer.readline()
    if not line:
        return  # the server is gone already
    request = json.loads(line)
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    if not is_address(request["store"]) and not request["store"].endswith(".toml"):
        confine(request["seconds"], request["memory"])
    report = Reporter(out)
    try:
        outcome = TASKS[request["kind"]](request["store"], request["words"], report)
        outcome.write(Path(request["folder"]) / "result")
        report.say(
            {"media_type": outcome.media_type, "filename": outcome.filename, "snapshot": outcome.snapshot}
        )
    except AimsgraphError as error:
        report.say(fault(error))
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    os._exit(0)  # what was read need not be taken down piece by piece


def _end_with_the_server() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
