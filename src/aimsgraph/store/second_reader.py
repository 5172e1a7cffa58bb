"""A second process that reads portions of patches, since two threads of one would wait for each other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from aimsgraph.store import ends

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from aimsgraph.store.links import Numbers

#: Portions that wait to be read.
_WAITING: Final = 2
#: A shorter portion is read sooner than it is handed over.
SHORTEST: Final = 1 << 16


class SecondReader:
    """Takes portions while it has nothing else to do; where no process can be started, none."""

    def __init__(self, predicates: Sequence[str]) -> None:
        self._process = started() if processors() > 1 else None
        self._handing = ThreadPoolExecutor(1)
        self._handed: list[Future[None]] = []
        if self._process is not None:
            self._handing.submit(self._write, json.dumps(predicates).encode() + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._handing.shutdown()
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None  # noqa: S101 - it was started with both
                with suppress(OSError):  # what was not written before it ended
                    pipe.close()

    def takes(self, text: bytes) -> bool:
        """Hand a portion over, if it is awaited; say whether it was."""
        if self._process is None or len(text) < SHORTEST:
            return False
        if sum(not one.done() for one in self._handed[-_WAITING:]) == _WAITING:
            return False
        self._handed.append(self._handing.submit(self._write, len(text).to_bytes(ends.LENGTH, "big"), text))
        return True

    def found(self, numbering: ends.Numbering) -> Iterator[tuple[int, Numbers]]:
        """Yield what was found: the number of a property, with the numbers of subject and object in turn.

        :raises OSError: the process has ended before it had read them.
        """
        if not self._handed:
            return
        process = self._process
        assert process is not None  # noqa: S101 - it has taken something
        assert process.stdin is not None and process.stdout is not None  # noqa: PT018, S101 - it was started with both
        for one in self._handed:
            one.result()
        process.stdin.close()
        head, rest = process.stdout.readline(), process.stdout.read()
        if process.wait() or not head:  # what it has written until then may end anywhere
            raise ChildProcessError("The second reader has ended early.")
        told = json.loads(head)
        names = rest[: told["names"]].split(b"\n") if told["names"] else []
        numbers = np.frombuffer(rest, np.int32, offset=told["names"])
        became = np.asarray(numbering.numbers(names))
        first = 0
        for at, size in told["runs"]:
            yield at, became[numbers[first : first + size]]
            first += size

    def _write(self, *parts: bytes) -> None:
        assert self._process is not None  # noqa: S101 - there is nothing to write otherwise
        assert self._process.stdin is not None  # noqa: S101 - it was started with one
        for part in parts:
            self._process.stdin.write(part)
        self._process.stdin.flush()


def started() -> subprocess.Popen[bytes] | None:
    """Start a second process, which is awaited by whoever ends the reading; None where that is not possible."""
    command = [sys.executable, "-I", "-S", str(Path(ends.__file__))]
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
        )
    except OSError:
        return None


def processors() -> int:
    """Return how many processors there are for this process."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
