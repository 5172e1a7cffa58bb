"""Runs a checked query in a process of its own, which is killed when time is up."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rdflib import BNode, Literal, URIRef

from aimsgraph.errors import (
    AimsgraphError,
    LimitExceededError,
    QueryInvalidError,
    StoreUnusableError,
    TimeLimitError,
)
from aimsgraph.query.binding import PLACEHOLDER, EngineText, engine_text, syntax_fault
from aimsgraph.query.database import database
from aimsgraph.query.dataset import dataset
from aimsgraph.query.result import Result
from aimsgraph.query.safety import check_tree, read
from aimsgraph.store.embedded import open_view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib.term import Identifier

    from aimsgraph.query.dataset import Dataset
    from aimsgraph.query.result import Row
    from aimsgraph.query.safety import CheckedQuery
    from aimsgraph.store.protocol import View

MIB: Final = 1024 * 1024
_WORKER: Final = Path(__file__).with_name("worker.py")
_OUT_OF_MEMORY: Final = re.compile(
    rb"memory allocation|bad_alloc|MemoryError|out of memory|Resource temporarily unavailable", re.IGNORECASE
)


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


def run(
    source: View | Path,
    text: str,
    *,
    bindings: Mapping[str, Identifier] | None = None,
    limits: Limits | None = None,
    graphs: Dataset | None = None,
) -> Result:
    """Run the query ``text`` over a store and return its whole answer.

    ``source`` is a view, or the folder of a store. The default graph is the union of all sources and the
    ontology; the history is reached by GRAPH only. FROM and FROM NAMED choose among the graphs of the store, and
    ``graphs``, of :func:`aimsgraph.query.dataset.dataset`, goes before them. A view in memory is copied to a file for
    the worker, one of a server with those of its named graphs that are chosen. ``bindings`` gives variables (names
    without ``?``) the value of a term.

    The worker sees what is in the store when it opens it, which may be newer than the view.

    :raises StoreNotFoundError: (or StoreTooNewError, StoreUnusableError) there is no store that can be read.
    :raises QueryInvalidError: the query or a binding is wrong.
    :raises QueryRefusedError: the query does more than read this store, or names a graph that is not in it.
    :raises TimeLimitError: time was up; the worker is dead by then.
    :raises LimitExceededError: more rows, bytes or memory than allowed.
    """
    checked = read(text)
    check_tree_of(checked, text)
    if graphs is None and checked.clauses:
        view = open_view(source) if isinstance(source, Path) else source
        graphs = dataset(view, checked.default, checked.named)
    default, named = graphs or (None, None)
    chosen = {"default_graph": default, "named_graphs": named}
    given = {name: names for name, names in chosen.items() if names is not None}
    with database(source, [*(default or ()), *(named or ())]) as place:
        answer = answered(place, checked, engine_text(checked, bindings), limits or Limits(), given)
    return _in_order_of_text(answer, checked)


def answered(
    place: Mapping[str, str],
    checked: CheckedQuery,
    written: EngineText,
    limits: Limits,
    graphs: Mapping[str, Sequence[str]] | None = None,
) -> Result:
    """Run what was ``written`` of a checked query over the ``database`` (or ``data``) at a place.

    ``graphs`` may say of which graphs (IRIs) the default graph and the named graphs consist: ``default_graph`` and
    ``named_graphs``.

    :raises AimsgraphError: as ``run`` does.
    """
    request = {
        **place,
        **(graphs or {}),
        "query": written.text,
        "seconds": limits.seconds,
        "rows": limits.rows,
        "bytes": limits.bytes,
        "memory": limits.memory,
    }
    return _Run(request, limits, written, checked.text).result()


def check_tree_of(checked: CheckedQuery, text: str) -> None:
    """Have rdflib's parser read the text of a checked query, and tell a fault as exactly as can be."""
    try:
        check_tree(text, checked.clauses)
    except QueryInvalidError as fault:
        raise _explained(checked, fault) from None


def _explained(checked: CheckedQuery, fault: QueryInvalidError) -> QueryInvalidError:
    """Ask the engine's parser, over an empty store, for the place of a fault, which it finds more exactly."""
    written = engine_text(checked)
    request = {"query": written.text, "seconds": 5, "rows": 1, "bytes": MIB, "memory": 1024 * MIB}
    try:
        _Run(request, Limits(5, 1, MIB, 1024 * MIB), written, checked.text).result()
    except QueryInvalidError as explained:
        return explained if explained.problems else fault
    except AimsgraphError:
        return fault
    return fault


def _in_order_of_text(answer: Result, checked: CheckedQuery) -> Result:
    """Put the columns of ``SELECT *`` in the order in which the variables first stand in the text."""
    start = checked.body + 1
    if answer.kind != "rows" or "*" not in [token.text for token in checked.tokens[start : start + 2]]:
        return answer
    names = dict.fromkeys(token.text[1:] for token in checked.tokens if token.kind == "var")
    columns = tuple(name for name in names if name in answer.columns)
    order = [answer.columns.index(name) for name in columns]
    return Result("rows", columns, tuple(tuple(row[index] for index in order) for row in answer.rows))


class _Run:
    """One worker process, from its start to its death."""

    def __init__(self, request: dict[str, Any], limits: Limits, written: EngineText, text: str) -> None:
        self.request = request
        self.limits = limits
        self.written = written
        self.text = text
        self.terms: dict[tuple[str | None, ...], Identifier] = {}
        self.timed_out = False

    def result(self) -> Result:
        """Start the worker, read its answer, and leave no process behind, whatever happens."""
        with tempfile.TemporaryFile() as complaints:
            worker = subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
                [sys.executable, "-P", str(_WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
            )

            def time_is_up() -> None:
                self.timed_out = True
                worker.kill()

            clock = threading.Timer(self.limits.seconds, time_is_up)
            clock.daemon = True
            clock.start()
            try:
                answer, last = self._talk(worker)
                worker.wait()
            finally:
                clock.cancel()
                worker.kill()
                worker.wait()
                if worker.stdout:
                    worker.stdout.close()
            if self.timed_out and "end" not in last:
                raise self._too_slow()
            if not last:
                complaints.seek(0)
                raise self._died(worker.returncode, complaints.read(20_000))
        if "end" not in last:
            raise self._failed(last)
        return answer

    def _talk(self, worker: subprocess.Popen[bytes]) -> tuple[Result, dict[str, Any]]:
        assert worker.stdin is not None  # noqa: S101 - both are pipes, see above
        assert worker.stdout is not None  # noqa: S101
        try:
            with worker.stdin as pipe:
                pipe.write(json.dumps(self.request).encode())
        except BrokenPipeError:
            return Result("rows"), {}
        kind, columns, rows = "rows", (), list[list[Any]]()
        last: dict[str, Any] = {}
        for line in worker.stdout:
            if not line.endswith(b"\n"):
                break  # killed in the middle of a line
            content = json.loads(line)
            if isinstance(content, list):
                rows.append(content)
            elif "kind" in content:
                kind, columns = content["kind"], tuple(content["columns"])
            else:
                last = content
        return self._answer(kind, columns, rows), last

    def _answer(self, kind: str, columns: tuple[str, ...], rows: list[list[Any]]) -> Result:
        if kind == "boolean":
            return Result("boolean", boolean=bool(rows and rows[0][0]))
        terms = [tuple(self._term(cell) for cell in row) for row in rows]
        if kind == "triples":
            triples = ((s, p, o) for s, p, o in terms if s is not None and p is not None and o is not None)
            return Result("triples", triples=tuple(dict.fromkeys(triples)))
        kept = [index for index, name in enumerate(columns) if not name.startswith(PLACEHOLDER)]
        shown: list[Row] = terms
        if len(kept) < len(columns):
            shown = [tuple(row[index] for index in kept) for row in terms]
        return Result("rows", tuple(columns[index] for index in kept), tuple(shown))

    def _term(self, cell: list[str | None] | None) -> Identifier | None:
        if cell is None:
            return None
        key = tuple(cell)
        known = self.terms.get(key)
        if known is None:
            known = self.terms[key] = _decoded(cell)
        return known

    def _too_slow(self) -> TimeLimitError:
        return TimeLimitError(
            f"The query took longer than {self.limits.seconds:g} seconds and was stopped.",
            hint="Ask for less at once (a LIMIT does not help a sort), or raise the time limit.",
        )

    def _failed(self, last: dict[str, Any]) -> AimsgraphError:
        if "limit" in last:
            name = last["limit"]
            allowed = {
                "rows": f"{self.limits.rows:,} rows",
                "bytes": f"{self.limits.bytes:,} bytes of answer",
                "memory": f"{self.limits.memory / MIB:,.0f} MiB of memory",
            }[name]
            return LimitExceededError(
                f"The query needs more than the {allowed} allowed, so there is no answer.",
                hint="Narrow the question, add a LIMIT, or raise the limit.",
            )
        message = str(last.get("message", ""))
        if last.get("error") == "syntax":
            return syntax_fault(message, self.written, self.text)
        if last.get("error") == "store":
            return StoreUnusableError(
                f"The database {self.request.get('database', 'in memory')} cannot be opened: {message}.",
                hint="Check that you may read the folder; if it is damaged, restore it from a backup.",
            )
        return QueryInvalidError(f"The engine could not answer the query: {message}.")

    def _died(self, status: int, complaints: bytes) -> AimsgraphError:
        if _OUT_OF_MEMORY.search(complaints) or status == -9:
            return self._failed({"limit": "memory"})
        said = complaints.decode(errors="replace").strip().splitlines()
        detail = f": {said[-1]}" if said else ""
        return StoreUnusableError(f"The query process ended without an answer (status {status}){detail}.")


def _decoded(cell: list[str | None]) -> Identifier:
    value = cell[0] or ""
    if len(cell) == 1:
        return URIRef(value)
    if len(cell) == 2:
        return BNode(value)
    _, language, datatype = cell
    return Literal(value, lang=language, datatype=URIRef(datatype) if datatype else None, normalize=False)
