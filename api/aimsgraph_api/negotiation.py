"""Which of the forms that an answer can have a client wants (RFC 9110, 12.5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import NotAcceptableError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Form:
    """A form of an answer: its short name, its media types (the proper one first), and other short names.

    ``shown`` is the media type with which a browser shows it rather than storing it.
    """

    name: str
    types: tuple[str, ...]
    shown: str
    aliases: tuple[str, ...] = ()


#: What rows and booleans can be written as, the preferred form first.
TABLES: Final = (
    Form("json", ("application/sparql-results+json", "application/json"), "application/json"),
    Form("xml", ("application/sparql-results+xml", "application/xml", "text/xml"), "text/xml"),
    Form("csv", ("text/csv",), "text/plain"),
    Form("tsv", ("text/tab-separated-values",), "text/plain"),
)
#: What triples can be written as, the preferred form first.
GRAPHS: Final = (
    Form("ttl", ("text/turtle", "application/x-turtle"), "text/plain", ("turtle", "n3")),
    Form("nt", ("application/n-triples", "text/plain"), "text/plain", ("ntriples", "n-triples", "ntriple")),
    Form(
        "jsonld", ("application/ld+json", "application/json"), "application/json", ("json-ld", "json", "ld+json")
    ),
    Form(
        "rdfxml", ("application/rdf+xml", "application/xml", "text/xml"), "text/xml",
        ("xml", "rdf", "rdf+xml", "rdf-xml", "rdf/xml"),
    ),
)  # fmt: skip
#: Forms whose media type says of itself how its text is encoded, or has one encoding only.
_OWN_ENCODING: Final = ("application/",)
_HTML: Final = "text/html"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form that was chosen, and the media type with which it is sent."""

    form: str
    media_type: str


def negotiated(forms: Sequence[Form], accept: str | None, *shorts: str | None) -> Wanted:
    """Choose among forms by the header Accept, or by short names, which go before it.

    Of several short names the first counts that there is: programs that do not know how a server wants to be told say
    it in several ways at once. A browser, which wants a page above all, gets the first form in a way that it can show.

    :raises NotAcceptableError: none of them is wanted.
    """
    if any(shorts):
        return _named(forms, list(filter(None, shorts)))
    ranges = ranges_of(accept)
    best: tuple[float, Form, str] | None = None
    for form in forms:
        for media_type in form.types:
            quality = quality_of(ranges, media_type)
            if quality > (best[0] if best else 0.0):
                best = quality, form, media_type
    if best is None:
        raise _none_fits(forms)
    quality, form, media_type = best
    if _prefers_page(ranges, quality):
        return Wanted(forms[0].name, _with_charset(forms[0].shown))
    return Wanted(form.name, _with_charset(media_type))


def wants_page(accept: str | None) -> bool:
    """Say whether a page is wanted more than JSON, as browsers want it."""
    ranges = ranges_of(accept)
    return _prefers_page(ranges, quality_of(ranges, "application/json"))


def _prefers_page(ranges: Sequence[tuple[str, float]], quality: float) -> bool:
    return dict(ranges).get(_HTML, 0.0) > quality


def _named(forms: Sequence[Form], shorts: Sequence[str]) -> Wanted:
    for wanted in (short.strip().lower() for short in shorts):
        for form in forms:
            if wanted == form.name or wanted in form.aliases:
                return Wanted(form.name, _with_charset(form.types[0]))
            if wanted in form.types:
                return Wanted(form.name, _with_charset(wanted))
    raise _none_fits(forms)


def _with_charset(media_type: str) -> str:
    return media_type if media_type.startswith(_OWN_ENCODING) else f"{media_type}; charset=utf-8"


def ranges_of(accept: str | None) -> list[tuple[str, float]]:
    """Read the header Accept into media ranges, each with its quality; what is malformed is left out."""
    found: list[tuple[str, float]] = []
    for part in (accept or "*/*").split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media_range == "*":
            media_range = "*/*"  # as some clients spell it
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        if "/" in media_range:
            found.append((media_range, quality))
    return found


def quality_of(ranges: Sequence[tuple[str, float]], media_type: str) -> float:
    """Return the quality that the most specific range gives a media type."""
    for pattern in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        given = [quality for media_range, quality in ranges if media_range == pattern]
        if given:
            return max(given)
    return 0.0


def _none_fits(forms: Sequence[Form]) -> NotAcceptableError:
    offered = ", ".join(f"{form.types[0]} ({form.name})" for form in forms)
    return NotAcceptableError(
        "The answer cannot be written in a form that was asked for.", hint=f"There is: {offered}."
    )
