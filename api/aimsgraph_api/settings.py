"""What a server is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from aimsgraph.query.limit import SERVED, Limits
from aimsgraph_api.jobs.bounds import Bounds

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.model.access import Role


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server serves, to whom, and how much of the machine it may take.

    ``access`` is the file of keys and of who issues tokens (None: ``access.json`` in the store's folder, if it is
    there); ``anonymous`` the role of who shows neither where there is no such file (None: nobody is served unnamed).
    ``workers`` processes run SPARQL, ``waiting`` questions may wait for one. ``origins`` are the
    pages elsewhere that browsers may let read answers (CORS), ``hosts`` the names by which the server may be called,
    ``queries`` folders of further saved questions, ``largest`` the bytes of a request's body. So many calculations
    (``calculating``) run at once; others wait for up to ``patience`` seconds. At the end, requests under way have
    ``closing`` seconds. ``log_format`` is how the log on stderr is written, ``jobs`` how much long work there may be.

    ``access_log`` is where each request is noted (``-`` is stderr), with the text of queries where ``log_queries``.
    ``proxies`` are the addresses whose word counts on who asks through them. ``certificate`` and ``key`` are the files
    for TLS. ``open_to_anyone`` serves other machines without an access file that keeps the unnamed out; with
    ``known_only`` nobody is served unnamed, whatever the access file says. A wrong key is answered after
    ``wrong_key_seconds``.
    """

    store: Path | str
    access: Path | None = None
    anonymous: Role | None = "auditor"
    limits: Limits = field(default_factory=lambda: SERVED)
    workers: int = 2
    waiting: int = 64
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    queries: tuple[Path, ...] = ()
    largest: int = 64 * 1024 * 1024
    access_log: Path | Literal["-"] | None = None
    log_queries: bool = False
    proxies: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    open_to_anyone: bool = False
    known_only: bool = False
    wrong_key_seconds: float = 1.0
    calculating: int = 8
    patience: float = 30.0
    closing: int = 10
    log_format: Literal["text", "json"] = "text"
    jobs: Bounds = field(default_factory=Bounds)
