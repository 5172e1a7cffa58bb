"""The process that runs one checked query and can be killed: request on stdin, JSON lines on stdout.

It is started by its path and imports the engine and the standard library only, so that it is up in 50 ms.
Request, one JSON object: ``database`` (folder) or ``data`` (N-Quads file) or neither (an empty store),
``query``, ``seconds``, ``rows``, ``bytes``, ``memory``; and, where the default graph and the named graphs are not
the store's own, ``default_graph`` and ``named_graphs`` (lists of IRIs). Answer: a line ``{"kind", "columns"}``, one
JSON array of terms per row (or triple), and a last line ``{"end": rows}``, ``{"limit": name}`` or ``{"error": kind,
"message"}``. A term is null, ``[iri]``, ``[label, null]`` for a blank node, or ``[value, language,
datatype]`` (the last two null for plain strings).
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

import pyoxigraph

if TYPE_CHECKING:
    from collections.abc import Iterable

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
#: Linux: audit architecture → (number of socket, number of io_uring_setup).
_SYSTEM_CALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}


def confine(seconds: float, memory: int) -> None:
    """Give up what a query needs not: the network, memory past the limit, and life after the parent's death.

    Whatever the platform cannot do is left out; the parent's own time-out does not depend on it.
    """
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C reaches the parent, and the parent ends this process
    if sys.platform == "win32":
        return
    import resource

    signal.alarm(int(seconds) + 5)
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    with contextlib.suppress(ValueError, OSError):  # an outer limit is lower already, or there is none to set
        resource.setrlimit(kind, (memory, memory))
    if sys.platform == "linux":
        block_network()


def block_network() -> bool:
    """Make ``socket`` and ``io_uring_setup`` fail with EPERM from now on; return whether the kernel agreed.

    A seccomp filter of eight BPF instructions (linux/seccomp.h, linux/filter.h), set without any privilege.
    Processes of another architecture are refused everything.
    """
    import ctypes
    import platform

    if platform.machine() not in _SYSTEM_CALLS:
        return False
    audit, socket, io_uring = _SYSTEM_CALLS[platform.machine()]

    class Instruction(ctypes.Structure):
        _fields_ = (
            ("code", ctypes.c_ushort),
            ("jt", ctypes.c_ubyte),
            ("jf", ctypes.c_ubyte),
            ("k", ctypes.c_uint32),
        )

    class Program(ctypes.Structure):
        _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.POINTER(Instruction)))

    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, refuse = 0x7FFF0000, 0x00050001
    steps = [
        (load, 0, 0, 4),  # the architecture
        (equal, 0, 5, audit),
        (load, 0, 0, 0),  # the number of the system call
        (at_least, 3, 0, 0x40000000),  # numbers of the x32 architecture
        (equal, 2, 0, socket),
        (equal, 1, 0, io_uring),
        (answer, 0, 0, allow),
        (answer, 0, 0, refuse),
    ]
    instructions = (Instruction * len(steps))(*(Instruction(*step) for step in steps))
    program = Program(len(steps), instructions)
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_seccomp, filter_mode, parent_death = 38, 22, 2, 1
    libc.prctl(parent_death, int(signal.SIGKILL), 0, 0, 0)
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(set_seccomp, filter_mode, ctypes.byref(program), 0, 0) == 0)


def term(value: Any) -> list[str | None] | None:
    """Encode a term of the engine."""
    if value is None:
        return None
    if isinstance(value, pyoxigraph.Literal):
        datatype = value.datatype.value
        plain = datatype in (_STRING, _LANGUAGE_STRING)
        return [value.value, value.language, None if plain else datatype]
    if isinstance(value, pyoxigraph.NamedNode):
        return [value.value]
    return [value.value, None]


def answer(request: dict[str, Any], out: BinaryIO) -> None:
    """Run the request's query and write the answer's lines to ``out``, within its row and byte limits."""

    def line(content: object) -> int:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(errors="replace") + b"\n"
        out.write(text)
        return len(text)

    try:
        store = open_store(request)
    except (OSError, RuntimeError, ValueError) as error:
        line({"error": "store", "message": str(error)})
        return
    try:
        default, named = graphs(request.get("default_graph")), graphs(request.get("named_graphs"))
        if default is not None and repeated(store, default):
            store, default = merged(store, default, named), None
        result = store.query(request["query"], default_graph=default, named_graphs=named)
        rows: Iterable[Any]
        if isinstance(result, pyoxigraph.QueryBoolean):
            line({"kind": "boolean", "columns": []})
            line([bool(result)])
            line({"end": 1})
            return
        if isinstance(result, pyoxigraph.QueryTriples):
            line({"kind": "triples", "columns": []})
            rows = ((triple.subject, triple.predicate, triple.object) for triple in result)
        else:
            line({"kind": "rows", "columns": [variable.value for variable in result.variables]})
            rows = result
        count, size = 0, 0
        for count, row in enumerate(rows, start=1):
            if count > request["rows"]:
                line({"limit": "rows"})
                return
            encoded = json.dumps([term(value) for value in row], ensure_ascii=False, separators=(",", ":"))
            data = encoded.encode(errors="replace") + b"\n"
            size += len(data)
            if size > request["bytes"]:
                line({"limit": "bytes"})
                return
            out.write(data)
        line({"end": count})
    except SyntaxError as error:
        line({"error": "syntax", "message": str(error)})
    except MemoryError:
        line({"limit": "memory"})
    except (OSError, RuntimeError, ValueError) as error:
        line({"error": "engine", "message": str(error)})


def graphs(names: list[str] | None) -> Any:
    """Return the graphs that the names stand for; None, the store's own, for None."""
    return None if names is None else [pyoxigraph.NamedNode(name) for name in names]


def repeated(store: pyoxigraph.Store, default: list[pyoxigraph.NamedNode]) -> bool:
    """Say whether two of the graphs state the same, which the engine would then find twice."""
    for index, graph in enumerate(default):
        others = default[index + 1 :]
        if others and any(
            pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, other) in store
            for quad in store.quads_for_pattern(None, None, None, graph)
            for other in others
        ):
            return True
    return False


def merged(
    store: pyoxigraph.Store, default: list[pyoxigraph.NamedNode], named: list[pyoxigraph.NamedNode] | None
) -> pyoxigraph.Store:
    """Return a copy in memory whose default graph is the merge of some graphs (RDF 1.1 Semantics, 4.1)."""
    copy = pyoxigraph.Store()
    for graph in default:
        held = store.quads_for_pattern(None, None, None, graph)
        copy.bulk_extend(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object) for quad in held)
    for place in store.named_graphs() if named is None else named:
        copy.bulk_extend(store.quads_for_pattern(None, None, None, place))
    return copy


def open_store(request: dict[str, Any]) -> pyoxigraph.Store:
    """Open the request's database read-only, or read its data file (if any) into memory."""
    if request.get("database"):
        with contextlib.suppress(OSError, RuntimeError):
            return pyoxigraph.Store.read_only(request["database"])
        # A writer may have moved files in the middle of the first attempt.
        return pyoxigraph.Store.read_only(request["database"])
    store = pyoxigraph.Store()
    if request.get("data"):
        store.bulk_load(path=request["data"], format=pyoxigraph.RdfFormat.N_QUADS)
    return store


def main() -> None:
    """Serve one request."""
    written = sys.stdin.buffer.read()
    if not written:
        return  # the caller is gone already
    request = json.loads(written)
    confine(request["seconds"], request["memory"])
    answer(request, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    os._exit(0)  # a half-read query need not be taken down piece by piece


if __name__ == "__main__":
    main()
