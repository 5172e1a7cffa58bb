"""What one question may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use: wall-clock seconds, rows, bytes of answer, bytes of memory in the worker.

    ``statements`` is how many an update may bring here from a server to work it out.
    """

    seconds: float = 30.0
    rows: int = 100_000
    bytes: int = 64 * MIB
    memory: int = 4096 * MIB
    statements: int = 1_000_000


#: What a question may use on a server unless something else is said: answers are sent while they are worked out, so
#: that large ones need no memory there.
SERVED: Final = Limits(rows=5_000_000, bytes=2 << 30, memory=2 << 30)
