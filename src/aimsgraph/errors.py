"""The errors of aimsgraph: one root, a stable code each, and what a person can do about it.

Nothing here knows of HTTP; the API maps a code to a status in one place of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in an input: the message and where it was found.

    ``line`` and ``column`` count from 1; ``path`` names a file, a row or a field.
    """

    message: str
    path: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Render as ``message @ path:line:column``, leaving out what is unknown."""
        where = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{self.message} @ {where}" if where else self.message


class AimsgraphError(Exception):
    """The root of every error that aimsgraph raises on purpose.

    ``message`` says what is wrong and where, ``hint`` how to mend it, ``problems`` lists every single fault
    found in the input (never only the first). ``exit_status`` is what the command line ends with.
    """

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 2

    def __init__(self, message: str, *, hint: str | None = None, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = problems

    def __str__(self) -> str:
        """Render as one paragraph: message, then the hint."""
        return f"{self.message} {self.hint}" if self.hint else self.message


def error_class(code: str) -> type[AimsgraphError]:
    """Return the class of the errors with a code; the root of all for a code that is not known here."""
    return next((one for one in _all_of(AimsgraphError) if one.code == code), AimsgraphError)


def _all_of(general: type[AimsgraphError]) -> Iterator[type[AimsgraphError]]:
    for one in general.__subclasses__():
        yield one
        yield from _all_of(one)


class UsageError(AimsgraphError):
    """A call or command that contradicts itself or names something unknown."""

    code = "usage"


class NotRecognisedError(AimsgraphError):
    """Whoever asks has shown no key or token that is valid, and must."""

    code = "not-recognised"


class NotPermittedError(AimsgraphError):
    """The role of whoever asks does not permit this."""

    code = "not-permitted"


class TooManyAttemptsError(AimsgraphError):
    """From one address so many wrong keys were shown at once that no more are looked at."""

    code = "too-many-attempts"


class AccessFileError(AimsgraphError):
    """The file of who may ask a server what is wrong, absent, or may be written by others."""

    code = "access-file"


class StoreNotFoundError(AimsgraphError):
    """There is no store at the given place."""

    code = "store-not-found"


class StoreExistsError(AimsgraphError):
    """A store (or something else) already stands where a new one should go."""

    code = "store-exists"


class StoreLockedError(AimsgraphError):
    """Another process is writing to the store."""

    code = "store-locked"


class StoreMovedError(AimsgraphError):
    """Somebody else has changed the store since it was read; nothing was written."""

    code = "store-moved"


class FindingsError(AimsgraphError):
    """A write would make something wrong that was not wrong before; ``findings`` are the new findings, worst first."""

    code = "findings"
    exit_status = 1

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        problems: tuple[Problem, ...] = (),
        findings: tuple[object, ...] = (),
    ) -> None:
        super().__init__(message, hint=hint, problems=problems)
        self.findings = findings


class JobNotFoundError(AimsgraphError):
    """There is no job of that name: it is over and forgotten, of somebody else, or the server was started anew."""

    code = "job-not-found"


class JobsFullError(AimsgraphError):
    """So many jobs run and wait already that no other is taken."""

    code = "jobs-full"


class NoResultError(AimsgraphError):
    """A job has no result to give: it was cancelled, or is not over yet."""

    code = "job-without-result"


class JobEndedError(AimsgraphError):
    """The process that did a job was ended from outside."""

    code = "job-ended"


class MediaTypeError(AimsgraphError):
    """What was sent is of a type that is not taken there."""

    code = "media-type"


class StoreTooNewError(AimsgraphError):
    """The store was written by a later version of aimsgraph."""

    code = "store-too-new"


class StoreUnusableError(AimsgraphError):
    """The store cannot be read or written: permissions, a full disk, or a damaged file."""

    code = "store-unusable"


class StoreAlteredError(AimsgraphError):
    """The content of the store is not what its history says it must be."""

    code = "store-altered"


class InferenceFailedError(AimsgraphError):
    """What follows from a write by inference could not be written; the write itself stands."""

    code = "inference-failed"


class ServerFileError(AimsgraphError):
    """What a file says of a server is wrong or incomplete, or the secret that it names cannot be had."""

    code = "server-file"


class InputNotReadableError(AimsgraphError):
    """An input file is missing, unreadable, too large or of an unknown format."""

    code = "input-not-readable"


class SyntaxProblemError(AimsgraphError):
    """An input file breaks the rules of its format; ``problems`` carries file, line and reason."""

    code = "syntax"


class MappingError(AimsgraphError):
    """A column mapping is not well-formed, or does not fit the table."""

    code = "mapping"


class NodeNotFoundError(AimsgraphError):
    """No node has that IRI, CURIE or label; the hint lists close matches."""

    code = "node-not-found"


class NodeAmbiguousError(AimsgraphError):
    """Several nodes have that label; the hint lists their IRIs."""

    code = "node-ambiguous"


class QueryNotFoundError(AimsgraphError):
    """No saved question has that name."""

    code = "query-not-found"


class QueryInvalidError(AimsgraphError):
    """The SPARQL text, a question's header or a parameter is wrong."""

    code = "query-invalid"


class QueryRefusedError(AimsgraphError):
    """The query asks for something that is not allowed (SERVICE, an update, a graph that is not in the store)."""

    code = "query-refused"


class GraphNotFoundError(AimsgraphError):
    """The store has no such graph, or none that whoever asks may see."""

    code = "graph-not-found"


class NotAcceptableError(AimsgraphError):
    """The answer cannot be written in any of the forms that were asked for; the hint lists those that there are."""

    code = "not-acceptable"


class OutputNotWritableError(AimsgraphError):
    """A result could not be written where it was asked for."""

    code = "output-not-writable"


class MissingExtraError(AimsgraphError):
    """An optional part of aimsgraph is not installed."""

    code = "missing-extra"


class LimitExceededError(AimsgraphError):
    """A row, byte, memory or node limit was reached before the answer was whole."""

    code = "limit-exceeded"
    exit_status = 3


class RowLimitError(LimitExceededError):
    """An answer has more rows (or triples) than allowed."""

    code = "row-limit"


class ByteLimitError(LimitExceededError):
    """An answer has more bytes than allowed."""

    code = "byte-limit"


class MemoryLimitError(LimitExceededError):
    """A question needed more memory than allowed."""

    code = "memory-limit"


class BodyTooLargeError(LimitExceededError):
    """The body of a request has more bytes than are taken there."""

    code = "body-too-large"


class BusyError(AimsgraphError):
    """As much is worked on as can be at once, and too many wait, or this waited too long; nothing is wrong with it."""

    code = "busy"
    exit_status = 3


class WorkerLostError(AimsgraphError):
    """The process that worked on a question was ended from outside, and so was the one that took over."""

    code = "worker-lost"


class TimeLimitError(AimsgraphError):
    """The time limit was reached and the work was stopped."""

    code = "time-limit"
    exit_status = 3


class NotReadyError(AimsgraphError):
    """A server cannot answer now: its store cannot be read, its workers do not run, or it ends."""

    code = "not-ready"
