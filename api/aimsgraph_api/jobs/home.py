"""The folder in which all jobs of a server have theirs; those of servers that ended by force are swept away."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # such folders are left where there are no such locks
    fcntl = None  # type: ignore[assignment]

_PREFIX: Final = "aimsgraph-jobs-"
_LOCK: Final = "lock"


class Home:
    """A new folder for temporary files that this process holds by a lock, for as long as it lives."""

    def __init__(self) -> None:
        sweep()
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = (self.path / _LOCK).open("wb", buffering=0)
        if fcntl is not None:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        """Take it away with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def sweep() -> None:
    """Remove the folders that nobody holds any more; those of other people cannot be opened, and stay."""
    found = Path(tempfile.gettempdir()).glob(f"{_PREFIX}*") if fcntl is not None else ()
    for place in found:
        with suppress(OSError), (place / _LOCK).open("r+b", buffering=0) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(place, ignore_errors=True)
