"""The process that runs checked questions, one after the other, and can be killed.

It is started by its path and loads the engine and the standard library only, so that it is up in 30 ms; what checks a
text is loaded when it is first asked to. A request is one line of JSON on stdin; ``memory`` (bytes) of the first one
holds for good. Either ``check``, a text that rdflib's parser is to read, with ``seconds``; or a question: ``database``
(folder) and ``state`` (what tells its states apart), or ``data`` (N-Quads file), or none of them (an empty store);
``query``, ``form`` (``terms``, or one of ``writing.FORMS``), ``seconds``, ``rows``, ``bytes``; where they are not the
store's own, ``default_graph`` and ``named_graphs`` (lists of IRIs); ``columns`` (names, in order) and ``hidden`` (the
beginning of names that are not shown); ``prefixes``; and of a CONSTRUCT whose query is a SELECT its ``template``.

The answer is a line ``{"kind", "columns"}``; portions, each a line ``{"bytes": number}`` and then so many bytes; and a
last line: ``{"end": rows, "held": bytes}``, ``{"limit": name}``, ``{"refused": code, …}`` or ``{"error", "message"}``.
The portions of ``terms`` are one JSON array of terms per row (or triple), each on a line. A term is null, ``[iri]``,
``[label, null]`` for a blank node, or ``[value, language, datatype]`` (the last two null for plain strings).
"""

from __future__ import annotations

import json
import os
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, BinaryIO

import pyoxigraph

if TYPE_CHECKING:
    from collections.abc import Callable

# Not pathlib: it takes as long to import as the engine.

#: So many databases are kept open; the one that was not asked for the longest is closed first.
_OPEN = 4


class Stores:
    """The databases that are open, each still as it was when it was opened."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str | None], pyoxigraph.Store] = {}

    def store(self, request: dict[str, Any]) -> pyoxigraph.Store:
        """Return the database of a request, or what its data file (if any) says, in memory."""
        if not request.get("database"):
            store = pyoxigraph.Store()
            if request.get("data"):
                store.bulk_load(path=request["data"], format=pyoxigraph.RdfFormat.N_QUADS)
            return store
        key = request["database"], request.get("state")
        # What nobody can ask for any more would only keep the room on the disk.
        kept = {one: store for one, store in self._open.items() if one[1] and os.path.exists(one[0])}  # noqa: PTH110 - see above
        found = kept.pop(key, None) or _opened(key[0])
        self._open = dict([*kept.items(), (key, found)][-_OPEN:])
        return found


def _opened(database: str) -> pyoxigraph.Store:
    try:
        return pyoxigraph.Store.read_only(database)
    except (OSError, RuntimeError):
        # A writer may have moved files in the middle of the first attempt.
        return pyoxigraph.Store.read_only(database)


def serve(asked: BinaryIO, out: BinaryIO) -> None:
    """Answer request after request, until there are no more."""
    enter()
    from aimsgraph.query.confinement import confine, end_after

    stores, confined = Stores(), False
    for written in asked:
        request = json.loads(written)
        if not confined:
            confine(request["memory"])
            confined = True
        end_after(request["seconds"])
        if "check" in request:
            check(request["check"], request["clauses"], out)
        else:
            answer(request, stores.store, out)
        end_after(0)
        out.flush()


def enter() -> None:
    """Make the packages known by their folders, without all that they load when they are imported."""
    folder = os.path.dirname(__file__)  # noqa: PTH120 - see above
    for name, place in (("aimsgraph", os.path.dirname(folder)), ("aimsgraph.query", folder)):  # noqa: PTH120
        if name not in sys.modules:
            package = ModuleType(name)
            package.__path__ = [place]
            sys.modules[name] = package


def check(text: str, clauses: int, out: BinaryIO) -> None:
    """Read a text as :func:`aimsgraph.query.safety.check_tree` does, and say what is wrong with it."""
    from dataclasses import astuple

    from aimsgraph.errors import AimsgraphError
    from aimsgraph.query.safety import check_tree

    try:
        check_tree(text, clauses)
    except AimsgraphError as fault:
        told = {"message": fault.message, "hint": fault.hint, "problems": [*map(astuple, fault.problems)]}
        _line(out, {"refused": fault.code, **told})
    except MemoryError:
        _line(out, {"limit": "memory"})
    else:
        _line(out, {"end": 0, "held": _held()})


def answer(
    request: dict[str, Any], opened: Callable[[dict[str, Any]], pyoxigraph.Store], out: BinaryIO
) -> None:
    """Run the request's query and write the answer to ``out``, within its row and byte limits."""
    from aimsgraph.query.merging import merged, repeated
    from aimsgraph.query.obstacle import LimitError, UnfitError
    from aimsgraph.query.writing import Portions, write

    try:
        store = opened(request)
    except (OSError, RuntimeError, ValueError) as error:
        _line(out, {"error": "store", "message": str(error)})
        return
    portions = Portions(out, request["rows"], request["bytes"])
    try:
        default, named = graphs(request.get("default_graph")), graphs(request.get("named_graphs"))
        if default is not None and repeated(store, default):
            store, default = merged(store, default, named), None
        result = store.query(request["query"], default_graph=default, named_graphs=named)
        write(request, result, portions, lambda head: _line(out, head))
        portions.flush()
        _line(out, {"end": portions.rows, "held": _held()})
    except LimitError as limit:
        _line(out, {"limit": str(limit)})
    except UnfitError as unfit:
        _line(out, {"error": "form", "message": str(unfit)})
    except SyntaxError as error:
        _line(out, {"error": "syntax", "message": str(error)})
    except MemoryError:
        _line(out, {"limit": "memory"})
    except (OSError, RuntimeError, ValueError) as error:
        _line(out, {"error": "engine", "message": str(error)})


def graphs(names: list[str] | None) -> Any:
    """Return the graphs that the names stand for; None, the store's own, for None."""
    return None if names is None else [pyoxigraph.NamedNode(name) for name in names]


def _line(out: BinaryIO, content: object) -> None:
    out.write(json.dumps(content, separators=(",", ":")).encode() + b"\n")


def _held() -> int:
    """Return the memory that this process holds, in bytes; 0 where the system does not say it."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - twice as quick, for every question
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
    os._exit(0)  # a half-read query need not be taken down piece by piece
