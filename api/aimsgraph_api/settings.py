"""What a server is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aimsgraph.query import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.model.access import Role


#: What a question may use unless something else is said: answers are sent while they are worked out, so that large ones
#: need no memory here.
SERVED: Final = Limits(rows=5_000_000, bytes=2 << 30, memory=2 << 30)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server serves, to whom, and how much of the machine it may take.

    ``access`` is the file of keys and of who issues tokens; ``anonymous`` the role of who shows neither (None: nobody
    is served unnamed). ``workers`` processes run SPARQL, ``waiting`` questions may wait for one. ``origins`` are the
    pages elsewhere that browsers may let read answers (CORS), ``hosts`` the names by which the server may be called,
    ``queries`` folders of further saved questions, ``largest`` the bytes of a request's body.
    """

    store: Path | str
    access: Path | None = None
    anonymous: Role | None = "auditor"
    limits: Limits = field(default_factory=lambda: SERVED)
    workers: int = 2
    waiting: int = 64
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    queries: tuple[Path, ...] = ()
    largest: int = 64 * 1024 * 1024
