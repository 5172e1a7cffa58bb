"""An answer of the engine as it writes it: in memory while it is small, else in a temporary file."""

from __future__ import annotations

import io
import tempfile
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: An answer of more bytes waits on the disk, so that no question needs memory for all of its rows.
_IN_MEMORY: Final = 1 << 26


class Answer:
    """Takes an answer part by part, then gives it line by line.

    The temporary file lies where the system has such files (``TMPDIR``), without a name, and is gone with its reader.
    """

    def __init__(self, most: int = _IN_MEMORY) -> None:
        self._room = most
        self._file: IO[bytes] = io.BytesIO()

    def write(self, part: bytes) -> int:
        """Add a part; the engine hands over several thousand bytes at a time."""
        self._room -= len(part)
        if self._room < 0 and isinstance(self._file, io.BytesIO):
            held, self._file = self._file, tempfile.TemporaryFile()  # noqa: SIM115 - closed when it is read
            self._file.write(held.getbuffer())
        return self._file.write(part)

    def flush(self) -> None:
        """Do nothing: what is written is read in the same process."""

    def lines(self) -> Iterator[bytes]:
        """Go through the lines, once."""
        self._file.seek(0)
        return self._file if isinstance(self._file, io.BytesIO) else _closing(self._file)


def _closing(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from file
