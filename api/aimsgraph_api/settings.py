"""What a server is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aimsgraph.query import Limits
from aimsgraph_api.jobs.bounds import Bounds

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.model.access import Role


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server serves, to whom, and how much of the machine it may take.

    ``access`` is the file of keys and of who issues tokens; ``anonymous`` the role of who shows neither (None: nobody
    is served unnamed). ``workers`` processes run SPARQL, ``waiting`` questions may wait for one. ``origins`` are the
    pages elsewhere that browsers may let read answers (CORS), ``hosts`` the names by which the server may be called,
    ``queries`` folders of further saved questions, ``largest`` the bytes of a request's body,
    ``jobs`` how much long work there may be.
    """

    store: Path | str
    access: Path | None = None
    anonymous: Role | None = "auditor"
    limits: Limits = field(default_factory=Limits)
    workers: int = 2
    waiting: int = 64
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    queries: tuple[Path, ...] = ()
    largest: int = 64 * 1024 * 1024
    jobs: Bounds = field(default_factory=Bounds)
