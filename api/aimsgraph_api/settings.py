"""What a server is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from aimsgraph.query import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.model.access import Role


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server serves, to whom, and how much of the machine it may take.

    ``access`` is the file of keys and of who issues tokens; ``anonymous`` the role of who shows neither (None: nobody
    is served unnamed). ``workers`` processes run SPARQL, ``waiting`` questions may wait for one. ``origins`` are the
    pages elsewhere that browsers may let read answers (CORS), ``hosts`` the names by which the server may be called,
    ``queries`` folders of further saved questions, ``largest`` the bytes of a request's body. So many calculations
    (``calculating``) run at once; others wait for up to ``patience`` seconds. At the end, requests under way have
    ``closing`` seconds. ``log_format`` is how the log on stderr is written.
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
    calculating: int = 8
    patience: float = 30.0
    closing: int = 10
    log_format: Literal["text", "json"] = "text"
