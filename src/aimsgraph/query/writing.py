"""Writes the answer of the engine portion by portion, in the forms of the W3C or as terms for another process.

It loads the engine and the standard library only: see :mod:`aimsgraph.query.worker`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pyoxigraph as ox

from aimsgraph.query import rows
from aimsgraph.query.obstacle import LimitError, UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: The forms of a graph, and what the engine calls them.
GRAPHS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
#: All forms that are written here.
FORMS: Final = (*rows.WRITERS, *GRAPHS)
#: A portion has about so many bytes.
_PORTION: Final = 64 * 1024
#: A CONSTRUCT gives none of its first so many triples twice; beyond, the memory is worth more than the repetition.
_REMEMBERED: Final = 50_000


class Portions:
    """Takes what is written and hands it on in portions, each behind a line that says how long it is."""

    def __init__(self, out: BinaryIO, most_rows: int, most_bytes: int) -> None:
        self.out = out
        self.rows = 0
        self._most_rows = most_rows
        self._left = most_bytes
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        """Take some bytes of the answer.

        :raises LimitError: there are more than allowed.
        """
        self._left -= len(data)
        if self._left < 0:
            raise LimitError("bytes")
        self._waiting += data
        if len(self._waiting) >= _PORTION:
            self.flush()
            self.out.flush()
        return len(data)

    def flush(self) -> None:
        """Hand on what has come so far."""
        if self._waiting:
            self.out.write(b'{"bytes":%d}\n' % len(self._waiting))
            self.out.write(self._waiting)
            self._waiting.clear()

    def counted(self, found: Iterable[Any]) -> Iterator[Any]:
        """Pass on rows or triples, as many as are allowed.

        :raises LimitError: there is one more.
        """
        for one in found:
            if self.rows == self._most_rows:
                raise LimitError("rows")
            self.rows += 1
            yield one


def write(
    request: dict[str, Any], result: Any, portions: Portions, say: Callable[[dict[str, object]], None]
) -> None:
    """Write an answer in the form of the request; ``say`` is told its kind and columns first.

    :raises LimitError: it has more rows or bytes than allowed.
    :raises UnfitError: the form cannot hold something in it.
    """
    form = request["form"]
    if isinstance(result, ox.QueryBoolean):
        say({"kind": "boolean", "columns": []})
        portions.rows = 1
        portions.write(rows.boolean(form, bool(result)))
        return
    template = request.get("template")
    if template is not None or isinstance(result, ox.QueryTriples):
        say({"kind": "triples", "columns": []})
        found = result if template is None else _once(_filled(template, result))
        _write_triples(request, portions.counted(found), portions)
        return
    names = [variable.value for variable in result.variables]
    shown = request.get("columns") or [one for one in names if not one.startswith(request["hidden"])]
    columns = [name for name in shown if name in names]
    say({"kind": "rows", "columns": columns})
    at = None if columns == names else [names.index(name) for name in columns]
    found = result if at is None else ([row[place] for place in at] for row in result)
    rows.write(form, columns, portions.counted(found), portions.write)


def _write_triples(request: dict[str, Any], triples: Iterable[ox.Triple], portions: Portions) -> None:
    form = request["form"]
    if form in GRAPHS:
        if form == "rdfxml":
            triples = map(_in_xml, triples)
        prefixes = request.get("prefixes") if form == "ttl" else None
        ox.serialize(triples, portions, GRAPHS[form], prefixes=prefixes)  # type: ignore[arg-type]
    else:
        parts = ((one.subject, one.predicate, one.object) for one in triples)
        rows.write(form, ["subject", "predicate", "object"], parts, portions.write)


def _filled(template: list[list[str]], solutions: ox.QuerySolutions) -> Iterator[ox.Triple]:
    """Yield what the template comes to for each solution; what would be no RDF is left out."""
    at = {variable.value: place for place, variable in enumerate(solutions.variables)}
    parts = [tuple(_part(part, at) for part in triple) for triple in template]
    for solution in solutions:
        fresh: dict[str, ox.BlankNode] = {}
        for triple in parts:
            found: list[Any] = []
            for part in triple:
                if isinstance(part, int):
                    found.append(solution[part])
                elif isinstance(part, str):
                    found.append(fresh.setdefault(part, ox.BlankNode()))
                else:
                    found.append(part)
            try:
                yield ox.Triple(*found)
            except TypeError:
                continue


def _part(spelling: str, at: dict[str, int]) -> Any:
    """Return the place of a variable, the label of a blank node, or a term."""
    if spelling.startswith("?"):
        return at[spelling[1:]]
    if spelling.startswith("_:"):
        return spelling
    line = f"<urn:s> <urn:p> {spelling} .".encode()
    return next(iter(ox.parse(line, ox.RdfFormat.N_TRIPLES))).object


def _once(triples: Iterator[ox.Triple]) -> Iterator[ox.Triple]:
    known: set[ox.Triple] = set()
    for triple in triples:
        if triple in known:
            continue
        known.add(triple)
        yield triple
        if len(known) == _REMEMBERED:
            break
    known.clear()
    yield from triples


def _in_xml(triple: ox.Triple) -> ox.Triple:
    """Return a triple that can stand in RDF/XML.

    :raises UnfitError: its property has no name in XML, or its text a character that XML has not.
    """
    if re.search(rows.NAMED, triple.predicate.value) is None:
        raise UnfitError(f"the property <{triple.predicate.value}> has no name in XML")
    if isinstance(triple.object, ox.Triple):
        raise UnfitError("a triple is said of in it")
    if isinstance(triple.object, ox.Literal):
        rows.check_xml(triple.object.value)
    return triple
