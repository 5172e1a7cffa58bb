"""A question while it is worked on, and its answer as far as it has come."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aimsgraph.errors import AimsgraphError, UsageError, WorkerLostError
from aimsgraph.query.binding import engine_text, spell
from aimsgraph.query.construct import as_select
from aimsgraph.query.execution import asked
from aimsgraph.query.process import LostError
from aimsgraph.query.reply import Put, failure, out_of_memory, refused, result, too_slow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdflib.term import Identifier

    from aimsgraph.query.binding import EngineText
    from aimsgraph.query.crew import Crew
    from aimsgraph.query.limit import Limits
    from aimsgraph.query.result import Result
    from aimsgraph.query.safety import CheckedQuery
    from aimsgraph.query.seat import Seat

    _Written = tuple[CheckedQuery, list[list[str]] | None, EngineText]

#: An answer of up to so many bytes is complete before any of it is sent.
WHOLE: Final = 1024 * 1024


class PutBackError(Exception):
    """A question has to be asked anew: it had to make room, or its answer is too large to be held."""

    def __init__(self, *, large: bool) -> None:
        super().__init__()
        self.large = large


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked on whose behalf; ``most`` bytes of the answer are held before it is sent (None: all)."""

    asker: str
    request: dict[str, Any]
    put: Put
    most: int | None = WHOLE

    @classmethod
    def about(
        cls,
        checked: CheckedQuery,
        place: Mapping[str, str],
        *,
        asker: str,
        form: str,
        limits: Limits,
        bindings: Mapping[str, Identifier] | None = None,
        default: Sequence[str] | None = None,
        named: Sequence[str] | None = None,
    ) -> Question:
        """Make the question of a checked text, of the graphs at a place, or of those that are named.

        An answer as ``terms`` is held to its end.

        :raises UsageError: an answer of this kind cannot be written in this form.
        :raises QueryInvalidError: a binding is of no use in the query.
        """
        check_form(checked.kind, form)
        query, template, written = _written(checked, form == "terms", bindings)
        used = {one.text.partition(":")[0] for one in checked.tokens if one.kind == "pname"}
        request = {
            **place,
            **asked(query, written, limits, form),
            "template": template,
            "prefixes": {name: checked.prefixes[name] for name in sorted(used & checked.prefixes.keys())},
            "default_graph": None if default is None else list(default),
            "named_graphs": None if named is None else list(named),
        }
        put = Put(written, checked.text, limits, place.get("database", "in memory"))
        return cls(asker, request, put, None if form == "terms" else WHOLE)


#: What was written for the engine of a text and the spelling of its terms, of the newest questions.
_recent: Final[OrderedDict[tuple[object, ...], _Written]] = OrderedDict()
_RECENT: Final = 512
#: A text of more characters is not remembered.
_LONGEST: Final = 20_000


def _written(checked: CheckedQuery, whole: bool, bindings: Mapping[str, Identifier] | None) -> _Written:
    """Write the engine's text of a query: dashboards ask the same again and again."""
    key = checked.text, whole, tuple((name, spell(value)) for name, value in (bindings or {}).items())
    found = _recent.pop(key, None)
    if found is None:
        query, template = (None if whole else as_select(checked)) or (checked, None)
        found = query, template, engine_text(query, bindings)
    if len(checked.text) <= _LONGEST:
        _recent[key] = found
        if len(_recent) > _RECENT:
            with suppress(KeyError):
                _recent.popitem(last=False)
    return found


def check_form(kind: str, form: str) -> None:
    """Refuse a form that cannot hold the answers to queries of a kind.

    :raises UsageError: it is one of triples, or of everything but triples.
    """
    is_graph = kind in ("CONSTRUCT", "DESCRIBE")
    if form in (("json", "xml") if is_graph else ("ttl", "nt", "jsonld", "rdfxml")):
        raise UsageError(
            f"The answer to a {kind} cannot be written as {form}.",
            hint=f"Take one of {'ttl, nt, jsonld, rdfxml' if is_graph else 'json, xml'}, csv, tsv.",
        )


class Running:
    """An answer: its ``head``, the portions that have come, and whether they are all (``is_whole``)."""

    def __init__(self, question: Question, crew: Crew) -> None:
        self.question = question
        self.head: dict[str, Any] = {}
        self.portions: list[bytes] = []
        self.is_whole = False
        self.seat: Seat | None = None
        self.crew = crew

    async def begin(self, seat: Seat) -> None:
        """Put the question, and read until the answer is whole, or is more than is held.

        :raises AimsgraphError: there is no answer.
        :raises PutBackError: it has to be asked anew.
        :raises LostError: the worker was ended from outside.
        """
        self.seat, self.head, self.portions = seat, {}, []
        assert seat.worker is not None  # noqa: S101 - a seat that was taken has one
        size, most = 0, self.question.most
        try:
            await seat.worker.put(self.question.request)
            while not self.is_whole and (most is None or size <= most):
                portion = await self._next()
                if portion:
                    self.portions.append(portion)
                    size += len(portion)
            if not self.is_whole and not self.crew.pin(seat):
                raise PutBackError(large=True)
        except BaseException:
            self.leave()
            raise

    async def more(self) -> bytes | None:
        """Return the next portion of an answer that is not whole yet; None at its end.

        :raises AimsgraphError: there is no more, though it is not the end.
        """
        try:
            while not self.is_whole:
                portion = await self._next()
                if portion:
                    return portion
        except LostError as lost:
            self.leave()
            raise lost_worker() from lost
        except BaseException:
            self.leave()
            raise
        return None

    def leave(self) -> None:
        """Let nobody work on the question any longer."""
        if self.seat is not None:
            self.crew.release(self.seat, fit=False)

    async def _next(self) -> bytes:
        """Return a portion; nothing when something else was said."""
        seat = self.seat
        assert seat is not None  # noqa: S101 - it has begun
        assert seat.worker is not None  # noqa: S101
        try:
            heard = await seat.worker.heard()
        except LostError as lost:
            raise self._why(seat, lost) from lost
        if isinstance(heard, bytes):
            return heard
        if "kind" in heard:
            self.head = heard
        elif "end" in heard:
            # What was taken once is not given back: too little would be left for the next question.
            fit = heard["held"] < self.question.put.limits.memory / 2
            self.crew.release(seat, fit=fit)
            self.is_whole = True
        elif "refused" in heard:
            self.crew.release(seat, fit=True)
            raise refused(heard)
        else:
            self.crew.release(seat, fit="limit" not in heard)
            raise failure(heard, self.question.put)
        return b""

    def _why(self, seat: Seat, lost: LostError) -> Exception:
        if seat.cause == "time":
            return too_slow(self.question.put.limits.seconds)
        if seat.cause == "room":
            return PutBackError(large=False)
        if out_of_memory(lost.complaints):
            return failure({"limit": "memory"}, self.question.put)
        return lost


def decoded(running: Running) -> Result:
    """Return the whole answer to a question of which the form is ``terms``."""
    return result(running.head, b"".join(running.portions).splitlines())


def lost_worker() -> AimsgraphError:
    """Return the error for a question whose worker was ended from outside."""
    return WorkerLostError(
        "The process that worked on the question was ended from outside.", hint="Ask again in a few seconds."
    )
