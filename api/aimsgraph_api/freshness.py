"""Says by an entity tag whether an answer is still the one that the asker has."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from functools import lru_cache, partial
from importlib import metadata
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

from aimsgraph.checking import today
from aimsgraph.errors import UsageError
from aimsgraph.store import UNVERSIONED
from aimsgraph.vocab import AIMS
from aimsgraph_api.preconditions import is_known

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from aimsgraph.engine import Graph
    from aimsgraph.model.access import Principal

#: What an answer of the API may depend on beside its address.
VARY: Final = "Authorization, Accept"
_API: Final = "/api/"
_READING: Final = frozenset({"GET", "HEAD"})
#: With more files of evidence than this it is not said whether one was changed: answers then have no tag.
_MOST_FILES: Final = 10_000
#: A folder that takes as many seconds as this to look through is not looked through for each request.
_SLOW: Final = 0.005


class NotModifiedError(Exception):
    """The asker has the answer already; it is not computed."""


def concerns(request: Request) -> bool:
    """Say whether the answer to a request has a tag."""
    return request.method in _READING and request.scope["path"].startswith(_API)


def is_quick(graph: Graph, asking: Principal) -> bool:
    """Say whether :func:`check` is a matter of less than a few milliseconds; for who sees a part it asks the store."""
    if asking.graphs is not None or graph.view().location is None:
        return False
    return _seen.is_quick(graph.evidence_folder())


def check(request: Request, graph: Graph, asking: Principal) -> None:
    """Give a request that reads a state its tag, before anything is computed from that state.

    :raises NotModifiedError: the asker has the answer with this tag.
    """
    if not concerns(request):
        return
    tag = _tag(request, graph, asking)
    if tag is None:
        return
    request.state.entity_tag = tag
    if is_known(request, tag):
        raise NotModifiedError


def _tag(request: Request, graph: Graph, asking: Principal) -> str | None:
    """Return a strong tag of all that the answer comes from, or None where that cannot be told.

    The snapshot stands in front of the semicolon, so that a write can name the state that was read (If-Match).
    """
    snapshot = graph.view().snapshot
    looked = _seen.files if asking.graphs is None else partial(_files_named, graph)
    files = looked(graph.evidence_folder()) if snapshot != UNVERSIONED else None
    if files is None:
        return None
    try:
        day = graph.today()
    except UsageError:  # the graph contradicts itself about its day; who asks about days is told so
        day = today()
    of = _digest(
        _version(), day.isoformat(), files, request.url.path, request.url.query,
        request.headers.getlist("accept"), asking.role, sorted(asking.graphs) if asking.graphs is not None else None,
    )  # fmt: skip
    return f'"{snapshot};{of}"'


@lru_cache(maxsize=1)
def _version() -> str:
    return metadata.version("aimsgraph")  # which reads a file


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _files(folder: Path | None) -> str | None:
    """Return a digest of names, sizes and times of the files of evidence, which answers look at beside the store."""
    if folder is None:
        return ""
    found: list[tuple[str, int, int]] = []
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)  # noqa: PTH118 - thousands of paths, for each request
            try:
                stated = os.stat(path)  # noqa: PTH116
            except OSError:
                found.append((path, -1, -1))
            else:
                found.append((path, stated.st_size, stated.st_mtime_ns))
        if len(found) > _MOST_FILES:
            return None
    return _digest(sorted(found))


def _files_named(graph: Graph, folder: Path | None) -> str | None:
    """Return such a digest of the files that a part of the graphs names: others are not for who sees that part alone.

    None is looked at that lies outside of the folder.
    """
    if folder is None:
        return ""
    rows = graph.view().select(f"SELECT DISTINCT ?l {{ ?e <{AIMS}location> ?l }} LIMIT {_MOST_FILES + 1}")
    names = sorted({str(row["l"]) for row in rows})
    return None if len(names) > _MOST_FILES else _digest([(name, _state(folder, name)) for name in names])


class _Seen:
    """What the folders of evidence were seen to hold.

    One that is looked through quickly is looked through each time. Of one that is not, what was seen holds for a while
    that grows with the time it took, so that this never becomes the most of the work.
    """

    def __init__(self) -> None:
        self._found: dict[Path | None, tuple[str | None, float, float]] = {}
        self._lock = Lock()

    def is_quick(self, folder: Path | None) -> bool:
        """Say whether there is little to look through, or it need not be done."""
        if folder is None:
            return True
        _, at, took = self._found.get(folder, (None, 0.0, _SLOW))
        return took < _SLOW or monotonic() - at < _holds(took)

    def files(self, folder: Path | None) -> str | None:
        """Return what :func:`_files` says of a folder."""
        with self._lock:
            found, at, took = self._found.get(folder, (None, 0.0, 0.0))
            if monotonic() - at < _holds(took):
                return found
            begun = monotonic()
            found = _files(folder)
            self._found[folder] = found, monotonic(), monotonic() - begun
            return found


def _holds(took: float) -> float:
    return min(1.0, took * 20) if took >= _SLOW else 0.0


_seen: Final = _Seen()


def _state(folder: Path, name: str) -> tuple[int, int] | None:
    with suppress(OSError, ValueError, RuntimeError):
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()):
            stated = path.stat()
            return stated.st_size, stated.st_mtime_ns
    return None


class Freshness:
    """Middleware: says that answers are private, are to be asked for again, and with which tag."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and the answer back with its headers."""
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Cache-Control", "private, no-cache")
                headers.add_vary_header(VARY)
                if message["status"] in (200, 304) and "entity_tag" in state:
                    headers["ETag"] = state["entity_tag"]
            await send(message)

        await self._app(scope, receive, answer)
