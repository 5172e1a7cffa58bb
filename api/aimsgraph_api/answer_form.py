"""What the answer of a saved question can be written as, and which of it a request wants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import NotAcceptableError
from aimsgraph.query import ENDINGS, form_named
from aimsgraph_api.negotiation import quality_of, ranges_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimsgraph.model.question import QueryKind, SavedQuery


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """A form of ``Result.render``, its media type, the end of its file names, and whether a browser is to keep it."""

    name: str
    media: str
    suffix: str
    kept: bool

    def headers(self, stem: str) -> dict[str, str]:
        """Return the headers of an answer that would be saved under ``stem``, the id of a question."""
        return {
            "Content-Disposition": f'{"attachment" if self.kept else "inline"}; filename="{stem}.{self.suffix}"',
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept",
        }


_TABULAR: Final = (
    AnswerForm("csv", "text/csv; charset=utf-8", "csv", kept=True),
    AnswerForm("tsv", "text/tab-separated-values; charset=utf-8", "tsv", kept=True),
    AnswerForm(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", kept=True
    ),
    AnswerForm("parquet", "application/vnd.apache.parquet", "parquet", kept=True),
    AnswerForm("arrow", "application/vnd.apache.arrow.stream", "arrows", kept=True),
    AnswerForm("markdown", "text/markdown; charset=utf-8", "md", kept=False),
    AnswerForm("table", "text/plain; charset=utf-8", "txt", kept=False),
)
_ROWS: Final = (
    AnswerForm("json", "application/sparql-results+json", "json", kept=False),
    AnswerForm("json", "application/json", "json", kept=False),
    *_TABULAR,
)
_TRIPLES: Final = (AnswerForm("ttl", "text/turtle; charset=utf-8", "ttl", kept=True), *_TABULAR)


def offered(saved: SavedQuery) -> tuple[AnswerForm, ...]:
    """Return what the answer of a question can be written as; the first is what a request gets that does not choose."""
    kind: QueryKind = saved.kind
    return _TRIPLES if kind in ("CONSTRUCT", "DESCRIBE") else _ROWS


def names(forms: Sequence[AnswerForm]) -> list[str]:
    """Return what forms are called, the words of the command line among it."""
    known = list(dict.fromkeys(form.name for form in forms))
    return [*known, *(word for word, name in ENDINGS.items() if name in known)]


def checked(forms: Sequence[AnswerForm], name: str) -> str:
    """Return the name of the form that is meant by one.

    :raises ValueError: none is called that.
    """
    if name not in (known := names(forms)):
        raise ValueError(f"one of {', '.join(known)} is wanted")
    return form_named(name)


def wanted(forms: Sequence[AnswerForm], name: str | None, accept: str | None) -> AnswerForm:
    """Return the form called ``name``, else the one that an ``Accept`` header likes best (RFC 9110, 12.5.1).

    :raises NotAcceptableError: the header takes none of them.
    """
    if name is not None:
        return next(form for form in forms if form.name == name)
    ranges = ranges_of(accept)
    qualities = [quality_of(ranges, form.media.partition(";")[0]) for form in forms]
    if max(qualities) <= 0:
        media = ", ".join(form.media.partition(";")[0] for form in forms)
        raise NotAcceptableError(
            "The answer cannot be written as any media type that the request accepts.",
            hint=f"There are: {media}; or choose with format=.",
        )
    return forms[qualities.index(max(qualities))]
