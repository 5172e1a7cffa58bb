"""Reads what a worker process said: the terms of an answer, and why there is none."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rdflib import BNode, Literal, URIRef

from aimsgraph.errors import (
    AimsgraphError,
    ByteLimitError,
    MemoryLimitError,
    Problem,
    QueryInvalidError,
    QueryRefusedError,
    RowLimitError,
    StoreUnusableError,
    TimeLimitError,
    UsageError,
)
from aimsgraph.query.binding import syntax_fault
from aimsgraph.query.limit import MIB
from aimsgraph.query.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Identifier

    from aimsgraph.query.binding import EngineText
    from aimsgraph.query.limit import Limits

_OUT_OF_MEMORY: Final = re.compile(
    rb"memory allocation|bad_alloc|MemoryError|out of memory|Resource temporarily unavailable", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Put:
    """A question as it was put to a worker: what the engine got, what the user wrote, and how much it may use."""

    written: EngineText
    text: str
    limits: Limits
    place: str = "in memory"


def result(head: dict[str, Any], lines: Iterable[bytes]) -> Result:
    """Return the answer of which a worker gave the head and, line by line, the terms."""
    rows = list(map(json.loads, lines))
    if head["kind"] == "boolean":
        return Result("boolean", boolean=bool(rows and rows[0][0]))
    known: dict[tuple[str | None, ...], Identifier] = {}

    def term(cell: list[str | None] | None) -> Identifier | None:
        if cell is None:
            return None
        key = tuple(cell)
        found = known.get(key)
        if found is None:
            found = known[key] = _decoded(cell)
        return found

    terms = tuple(tuple(map(term, row)) for row in rows)
    if head["kind"] == "triples":
        triples = ((s, p, o) for s, p, o in terms if s is not None and p is not None and o is not None)
        return Result("triples", triples=tuple(dict.fromkeys(triples)))
    return Result("rows", tuple(head["columns"]), terms)


def failure(last: dict[str, Any], put: Put) -> AimsgraphError:
    """Return the error for the last line of an answer that is none."""
    if "limit" in last:
        return _exceeded(last["limit"], put.limits)
    message = str(last.get("message", ""))
    if last["error"] == "syntax":
        return syntax_fault(message, put.written, put.text)
    if last["error"] == "store":
        return StoreUnusableError(
            f"The database {put.place} cannot be opened: {message}.",
            hint="Check that you may read the folder; if it is damaged, restore it from a backup.",
        )
    if last["error"] == "form":
        return UsageError(
            f"The answer cannot be written in this form: {message}.", hint="Ask for another form."
        )
    return QueryInvalidError(f"The engine could not answer the query: {message}.")


def refused(last: dict[str, Any]) -> AimsgraphError:
    """Return the error that checking a text came to in another process."""
    kind = QueryRefusedError if last["refused"] == QueryRefusedError.code else QueryInvalidError
    problems = tuple(Problem(*one) for one in last["problems"])
    return kind(last["message"], hint=last["hint"], problems=problems)


def _exceeded(name: str, limits: Limits) -> AimsgraphError:
    kind, allowed = {
        "rows": (RowLimitError, f"{limits.rows:,} rows"),
        "bytes": (ByteLimitError, f"{limits.bytes:,} bytes of answer"),
        "memory": (MemoryLimitError, f"{limits.memory / MIB:,.0f} MiB of memory"),
    }[name]
    return kind(
        f"The query needs more than the {allowed} allowed, so there is no answer.",
        hint="Narrow the question, add a LIMIT, or raise the limit.",
    )


def too_slow(seconds: float) -> TimeLimitError:
    """Return the error for a question whose time was up."""
    return TimeLimitError(
        f"The query took longer than {seconds:g} seconds and was stopped.",
        hint="Ask for less at once (a LIMIT does not help a sort), or raise the time limit.",
    )


def out_of_memory(complaints: bytes) -> bool:
    """Say whether that is what a process complained of before it died."""
    return _OUT_OF_MEMORY.search(complaints) is not None


def died(status: int, complaints: bytes) -> AimsgraphError:
    """Return the error for a worker that ended without an answer."""
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
