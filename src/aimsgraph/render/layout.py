"""DOT text to a picture, in a process of its own that can be killed."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from math import ceil
from pathlib import Path
from typing import Final, Literal

from aimsgraph.errors import LimitExceededError, MissingExtraError, TimeLimitError
from aimsgraph.render import layout_worker

Picture = Literal["svg", "png", "pdf"]

#: Seconds that a layout may take unless told otherwise.
DEFAULT_TIMEOUT: Final = 30.0
# Twice the 72 dots of Graphviz, so that small print in a PNG is legible on today's screens.
_PNG_DOTS_PER_INCH: Final = "144"
_GROUPS: Final = hasattr(os, "killpg")
_CREATION_DATE: Final = re.compile(rb"(/CreationDate \(D:)\d{14}")


def lay_out(dot: str, picture: Picture, *, timeout: float = DEFAULT_TIMEOUT) -> bytes:
    """Return the picture that Graphviz makes of a DOT text.

    ``dot`` on the PATH serves first, else the Graphviz inside the pygraphviz wheel; ``timeout`` in seconds.

    :raises MissingExtraError: when neither is installed.
    :raises TimeLimitError: when the time is up; the process is killed.
    :raises LimitExceededError: when Graphviz gives up on the graph.
    """
    command = _command(picture, timeout)
    # Without this date Cairo writes the time of day into a PDF, and equal input would give unequal files;
    # Cairo before 1.16 does not know the variable, hence `_undated`.
    environment = {"SOURCE_DATE_EPOCH": "0", **os.environ}
    try:
        done = _run(command, dot.encode(), environment, timeout)
    except subprocess.TimeoutExpired:
        raise TimeLimitError(
            f"Laying out the diagram took longer than {timeout:g} seconds and was stopped.",
            hint="Draw fewer boxes (fewer hops, or --collapse type or system), or ask for dot, mermaid, graphml or "
            "cytoscape, which need no layout.",
        ) from None
    if done.returncode == layout_worker.NOT_INSTALLED and command[0] == sys.executable:
        raise _missing(picture)
    if done.returncode != 0 or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise LimitExceededError(
            f"Graphviz could not draw the diagram ({said[-1] if said else f'status {done.returncode}'}).",
            hint="Draw fewer boxes (--collapse), or write the DOT text instead (--format dot).",
        )
    return _undated(done.stdout) if picture == "pdf" else done.stdout


def _run(
    command: list[str], text: bytes, environment: dict[str, str], timeout: float
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process group of its own, which ends as a whole however this function ends.

    ``dot`` may be a script that starts others; killed alone it would leave them running, with our pipes open.
    """
    process = subprocess.Popen(  # noqa: S603 (the program is dot or this Python; the text goes through stdin)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=_GROUPS,
    )
    try:
        out, complaint = process.communicate(text, timeout)
    except BaseException:
        _end(process)
        raise
    return subprocess.CompletedProcess(command, process.returncode, out, complaint)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        if _GROUPS:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.communicate()


def _undated(pdf: bytes) -> bytes:
    # Digit for digit, since a PDF's table of contents counts bytes.
    return _CREATION_DATE.sub(rb"\g<1>19700101000000", pdf)


def _command(picture: Picture, timeout: float) -> list[str]:
    extra = [f"dpi={_PNG_DOTS_PER_INCH}"] if picture == "png" else []
    program = shutil.which("dot")
    if program:
        return [program, f"-T{picture}", *(f"-G{attribute}" for attribute in extra)]
    if not _importable("pygraphviz"):
        raise _missing(picture)
    # -P keeps this folder, whose modules have everyday names, off the import path of the worker.
    worker = [sys.executable, "-P", str(Path(layout_worker.__file__))]
    return [*worker, str(ceil(timeout) + 1), picture, *extra]


def _importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ImportError:
        return False


def _missing(picture: Picture) -> MissingExtraError:
    return MissingExtraError(
        f"Graphviz, which draws the {picture.upper()}, is not installed: no program `dot`, no pygraphviz.",
        hint="Install it with `pip install 'aimsgraph[picture]'`, or ask for the formats dot or mermaid.",
    )
