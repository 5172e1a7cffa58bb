"""A worker process that lives on from question to question, as the event loop of the pool sees it."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.query.execution import WORKER

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from tempfile import _TemporaryFileWrapper

#: The longest line that a worker says: the head of an answer has all of its columns.
_LONGEST: Final = 1024 * 1024


class LostError(Exception):
    """A worker has ended: its exit status, and what it complained of."""

    def __init__(self, status: int, complaints: bytes) -> None:
        super().__init__(status)
        self.status = status
        self.complaints = complaints


class Worker:
    """One process; whoever takes it reads an answer to its end, or kills it."""

    def __init__(self, process: Process, complaints: _TemporaryFileWrapper[bytes]) -> None:
        self._process = process
        self._complaints = complaints
        #: How many questions were put to it.
        self.asked = 0

    @classmethod
    async def started(cls) -> Worker:
        """Start a process.

        :raises OSError: the system has no room for one.
        """
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed when the process has ended
        try:
            process = await asyncio.create_subprocess_exec(
                *WORKER,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=complaints,
                limit=_LONGEST,
            )
        except BaseException:
            complaints.close()
            raise
        return cls(process, complaints)  # type: ignore[arg-type]

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it is not known to have ended."""
        return self._process.returncode is None

    def worked(self) -> float | None:
        """Return for how many seconds a processor has worked for it; None where the system does not say it.

        On a machine with much to do, that a question takes long does not mean that it is much work.
        """
        try:
            # The name of the program, which may have anything in it, stands in brackets.
            fields = Path(f"/proc/{self.pid}/stat").read_bytes().rpartition(b")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, IndexError):
            return None

    async def put(self, request: dict[str, Any]) -> None:
        """Put a question; that the worker has ended shows when its answer is read."""
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        self.asked += 1
        with suppress(ConnectionError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            await self._process.stdin.drain()

    async def heard(self) -> dict[str, Any] | bytes:
        """Return the next thing that it says: a portion of an answer as bytes, everything else as it is.

        :raises LostError: it has ended.
        """
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        try:
            line = await self._process.stdout.readuntil()
            content: dict[str, Any] = json.loads(line)
            if "bytes" in content:
                return await self._process.stdout.readexactly(content["bytes"])
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            raise await self._lost() from None
        return content

    async def _lost(self) -> LostError:
        status = await self._ended()
        if self._complaints.closed:
            return LostError(status, b"")
        self._complaints.seek(0)
        return LostError(status, self._complaints.read(20_000))

    def kill(self) -> None:
        """Have the process end at once."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def gone(self) -> None:
        """Kill the process, and wait until nothing of it is left."""
        await self._ended()
        self._complaints.close()

    async def _ended(self) -> int:
        self.kill()
        # While its pipes are open the end is not seen of a process that has said more than was read.
        transport: asyncio.SubprocessTransport = self._process._transport  # type: ignore[attr-defined]
        for pipe in filter(None, map(transport.get_pipe_transport, (0, 1))):
            pipe.close()
        return await self._process.wait()
