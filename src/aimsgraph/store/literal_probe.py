"""Which literals a server gives back as they were written, and which in another way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph.model.capabilities import ChangedLiteral
from aimsgraph.store.endpoint import JSON
from aimsgraph.store.probe import Refused
from aimsgraph.vocab import XSD

if TYPE_CHECKING:
    from aimsgraph.model.capabilities import Outcome
    from aimsgraph.store.probe import Tried


_STRING: Final = XSD + "string"


def _typed(text: str, datatype: str) -> str:
    return f'"{text}"^^<{XSD}{datatype}>'


#: What engines are known to change, in N-Triples.
AWKWARD: Final[dict[str, str]] = {
    "text": '"x"',
    "empty text": '""',
    "text with quotes, tab and line end": '"a\\"b\\tc\\nd\\\\"',
    "text beyond U+FFFF": '"\U0001f600 \U00020000"',
    "letter and accent apart": '"e\u0301"',
    "language in capitals": '"x"@en-GB',
    "integer": _typed("7", "integer"),
    "integer with zeros": _typed("007", "integer"),
    "integer of 30 digits": _typed("123456789012345678901234567890", "integer"),
    "non-negative integer": _typed("5", "nonNegativeInteger"),
    "int": _typed("5", "int"),
    "decimal": _typed("1.5", "decimal"),
    "decimal with a zero": _typed("1.50", "decimal"),
    "decimal of 25 digits": _typed("1.234567890123456789012345", "decimal"),
    "double": _typed("1.5E0", "double"),
    "double of another spelling": _typed("1.50e3", "double"),
    "truth value": _typed("true", "boolean"),
    "truth value as a digit": _typed("1", "boolean"),
    "date": _typed("2026-03-03", "date"),
    "date with a zone": _typed("2026-03-03Z", "date"),
    "time without a zone": _typed("2026-03-03T12:00:00", "dateTime"),
    "time with Z": _typed("2026-03-03T12:00:00Z", "dateTime"),
    "time with a zone": _typed("2026-03-03T12:00:00+02:00", "dateTime"),
    "time of thousandths": _typed("2026-03-03T12:00:00.120Z", "dateTime"),
    "duration": _typed("P1Y2M3DT4H5M6S", "duration"),
    "days as a duration": _typed("P400D", "dayTimeDuration"),
    "year": _typed("2026", "gYear"),
    "address": _typed("https://example.org/ä", "anyURI"),
    "ill-typed": _typed("2026-02-30", "date"),
    "own datatype": '"x"^^<urn:aimsgraph:datatype>',
}


def literals(tried: Tried) -> tuple[Outcome, str]:
    """Write each awkward literal and read it again."""
    graph = tried.graph("literals")
    changed = []
    for number, (what, written) in enumerate(AWKWARD.items()):
        returned = _returned(tried, graph, f"urn:aimsgraph:literal-{number}", written)
        if returned != written:
            changed.append(ChangedLiteral(what=what, written=written, returned=returned))
    tried.changed = tuple(changed)
    if changed:
        return "worked around", f"{len(changed)} of {len(AWKWARD)} change"
    return "yes", f"all {len(AWKWARD)}"


def _returned(tried: Tried, graph: str, subject: str, written: str) -> str | None:
    try:
        tried.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <{subject}> <urn:aimsgraph:is> {written} }} }}")
    except Refused:
        return None
    # Read as it stands in the answer: rdflib and Oxigraph write language tags their own way.
    query = f"SELECT ?o WHERE {{ GRAPH <{graph}> {{ <{subject}> <urn:aimsgraph:is> ?o }} }}"
    answer = json.loads(b"".join(tried.endpoint.portions(tried.asked(query, JSON))))
    found = answer["results"]["bindings"]
    return _written(found[0]["o"]) if len(found) == 1 else None


def _written(term: dict[str, str]) -> str:
    text = str(ox.Literal(term["value"]))
    if language := term.get("xml:lang"):
        return f"{text}@{language}"
    datatype = term.get("datatype", _STRING)
    return text if datatype == _STRING else f"{text}^^<{datatype}>"
