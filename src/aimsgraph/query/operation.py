"""The operations of an update request, read and checked, and the faults that can be in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from aimsgraph.errors import AimsgraphError, Problem, QueryInvalidError, QueryRefusedError
from aimsgraph.tokens import excerpt, place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.query.safety import CheckedQuery
    from aimsgraph.store.template import Template


@dataclass(frozen=True, slots=True)
class Pattern:
    """The WHERE of an operation: a SELECT of the variables that its templates need, and what it looks at.

    ``default`` and ``named`` are the graphs of its dataset, None where they are the store's own; ``using`` says that
    they were chosen by USING, and not by WITH.
    """

    query: CheckedQuery
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    using: bool = False


@dataclass(frozen=True, slots=True)
class Modify:
    """INSERT and DELETE in each of their forms; without ``where`` the templates are plain data.

    ``home`` is the graph of WITH. ``at`` is the place of the operation in the text, ``places`` that of each
    variable that stands for a graph.
    """

    at: int
    delete: Template
    insert: Template
    where: Pattern | None
    home: str | None
    places: dict[str, int]


@dataclass(frozen=True, slots=True)
class Clear:
    """CLEAR or DROP of ``target``: the IRI of a graph, or ``DEFAULT``, ``NAMED`` or ``ALL``."""

    at: int
    target: str
    silent: bool


@dataclass(frozen=True, slots=True)
class Create:
    """CREATE GRAPH."""

    at: int
    graph: str
    silent: bool


@dataclass(frozen=True, slots=True)
class Transfer:
    """COPY, MOVE or ADD from one graph (its IRI) to another."""

    at: int
    kind: Literal["COPY", "MOVE", "ADD"]
    source: str
    target: str
    silent: bool


Operation: TypeAlias = "Modify | Clear | Create | Transfer"


def fault(reason: str, text: str, offset: int, hint: str | None = None) -> QueryInvalidError:
    """Return the error for what is wrong at ``offset`` of a request."""
    line, column = place(text, offset)
    return QueryInvalidError(
        f"The update is not valid at line {line}, column {column}: {reason}.{excerpt(text, offset)}",
        hint=hint,
        problems=(Problem(reason, None, line, column),),
    )


def refusal(reason: str, text: str, offset: int, hint: str | None = None) -> QueryRefusedError:
    """Return the error for what no request may do, at ``offset`` of this one."""
    line, column = place(text, offset)
    return QueryRefusedError(
        f"The update is refused at line {line}, column {column}: {reason}.{excerpt(text, offset)}",
        hint=hint,
        problems=(Problem(reason, None, line, column),),
    )


def together(faults: Sequence[AimsgraphError]) -> AimsgraphError:
    """Return one error for all faults of a request: a refusal if one of them is."""
    first = next((one for one in faults if isinstance(one, QueryRefusedError)), faults[0])
    if len(faults) == 1:
        return first
    return type(first)(
        f"{len(faults)} operations are at fault, so nothing is written. {first.message}",
        hint=first.hint,
        problems=tuple(problem for one in faults for problem in one.problems),
    )
