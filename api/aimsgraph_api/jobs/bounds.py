"""How much long work there may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many jobs run, wait and are one asker's; how long (seconds) and large (bytes) they and their results may be.

    ``kept`` seconds and ``held`` bytes are for all results together, ``finished`` jobs are remembered.
    """

    running: int = 2
    most: int = 16
    each: int = 8
    seconds: float = 600.0
    memory: int = 4096 * MIB
    kept: float = 3600.0
    held: int = 1 << 30
    finished: int = 200
