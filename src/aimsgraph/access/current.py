"""The access file as it is now, read again whenever it has changed."""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING, Final

from aimsgraph.access.file import read_rules
from aimsgraph.access.rules import Rules
from aimsgraph.errors import AccessFileError

if TYPE_CHECKING:
    from pathlib import Path

_log: Final = logging.getLogger(__name__)
_Stamp = tuple[int, int, int, int] | None


class Current:
    """What an access file says at the moment.

    A file that becomes faulty leaves in force what it said before, so that a slip of the pen shuts nobody out; one that
    goes away lets nobody in. Threads may share it.
    """

    def __init__(self, path: Path | None, *, needed: bool) -> None:
        """Read the file; unless it is ``needed`` it may be absent.

        :raises AccessFileError: it cannot be read, or has faults.
        """
        self._path = path
        self._lock = Lock()
        self._stamp = _stamp(path)
        self._rules: Rules | None = None
        if path is not None and (needed or self._stamp is not None):
            self._rules = read_rules(path)

    def rules(self) -> Rules | None:
        """Return what the file says, or None where there has never been one."""
        if self._path is None:
            return None
        stamp = _stamp(self._path)
        if stamp != self._stamp:
            with self._lock:
                if stamp != self._stamp:
                    self._read(self._path, stamp)
        return self._rules

    def _read(self, path: Path, stamp: _Stamp) -> None:
        if stamp is None:
            _log.error("The access file %s is gone: nobody is let in.", path)
            self._rules = Rules()
        else:
            try:
                self._rules = read_rules(path)
                _log.info("The access file %s was read again.", path)
            except AccessFileError as error:
                faults = "; ".join(map(str, error.problems)) or error.message
                kept = (
                    "what it said before is still in force" if self._rules is not None else "nobody is let in"
                )
                _log.error("The access file %s has faults, and %s: %s", path, kept, faults)
                self._rules = self._rules or Rules()
        self._stamp = stamp


def _stamp(path: Path | None) -> _Stamp:
    """Return what tells one state of the file from another, or None where there is none."""
    try:
        seen = path.stat() if path is not None else None
    except OSError:
        return None
    return (seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino) if seen is not None else None
