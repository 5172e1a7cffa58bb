"""What a text says of one node: a record in JSON, JSON-LD or Turtle, checked to speak of nothing else."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from aimsgraph.errors import Problem, SyntaxProblemError
from aimsgraph.store.parsing import MalformedTextError, parse_quads
from aimsgraph.store.template import is_iri
from aimsgraph.store.terms import normalised
from aimsgraph.vocab import PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Resolves what is no absolute IRI, so that it can be told and refused.
_RELATIVE: Final = "https://w3id.org/aimsgraph/relative/"
#: Deeper nesting than this is no record that somebody wrote.
_DEEPEST: Final = 20
_HINT: Final = "Nothing was written. A node is described alone, with absolute IRIs; see docs/writing.md."

#: The keys of a literal that has a language or a type.
_LITERAL: Final = frozenset({"@value", "@language", "@type"})

Record = dict[str, Any]


def read_record(text: bytes) -> Record:
    """Return the JSON object that a text holds.

    :raises SyntaxProblemError: it holds none.
    """
    try:
        found = json.loads(text, parse_constant=_no_number)
        json.dumps(
            found, ensure_ascii=False, allow_nan=False
        ).encode()  # half of a character can be told to nobody
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", None)
        reason = getattr(error, "msg", None) or str(error)
        raise _faulty([Problem(f"The JSON is broken: {reason}", "body", line, column)]) from None
    if not isinstance(found, dict):
        raise _faulty([Problem("The JSON must be one object", "body", 1)])
    return found


def described(
    node: str, said: bytes | Record, *, format: str, name: str, context: Mapping[str, Any]
) -> list[ox.Quad]:
    """Return the statements that a text makes about a node (IRI), as a store keeps them, in no graph.

    A ``said`` record has the keys of ``context`` (see docs/forms.md), of known prefixes, or IRIs. Nodes without a name
    get names that begin with ``name``.

    :raises SyntaxProblemError: with every fault: broken syntax, unknown keys, relative IRIs, other nodes.
    """
    if isinstance(said, dict):
        faults = list(_unknown(said, context, node))
        if faults:
            raise _faulty(faults)
        prefixes = {prefix: {"@id": iri, "@prefix": True} for prefix, iri in PREFIXES.items()}
        linked = {
            "@context": {**prefixes, **context},
            **{k: v for k, v in said.items() if k != "id"},
            "id": node,
        }
        text, kind = json.dumps(linked).encode(errors="replace"), "jsonld"
    else:
        text, kind = said, format
    try:
        quads = list(
            dict.fromkeys(normalised(parse_quads(text, kind, base=_RELATIVE, name=name, graph=None)))
        )
    except MalformedTextError as error:
        raise _faulty([Problem(one.reason, "body", one.line, one.column) for one in error.faults]) from error
    faults = list(dict.fromkeys(_strange(quads, node)))
    if faults:
        raise _faulty(faults)
    return quads


def _unknown(
    said: Record, context: Mapping[str, Any], node: str, depth: int = 0, at: str = ""
) -> Iterator[Problem]:
    """Yield what JSON-LD would leave out without a word, and what it would not take for a node."""
    if depth > _DEEPEST:
        yield Problem(f"The record is nested more than {_DEEPEST} deep", at)
        return
    if depth == 0 and said.get("id", node) != node:
        yield Problem(f"The record is of {said['id']}, not of {node}", "id")
    for key, value in said.items():
        path = f"{at}{key}"
        if "@value" in said and key in _LITERAL:
            continue
        if key not in context and not is_iri(expand(key) or key):
            close = difflib.get_close_matches(key, context, n=2)
            like = f"; did you mean {' or '.join(close)}?" if close else ""
            yield Problem(f"The key {key!r} is not known{like}", path)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from _unknown(item, context, node, depth + 1, f"{path}.")
            elif isinstance(item, list):
                yield Problem("A list stands in a list", path)


def _strange(quads: list[ox.Quad], node: str) -> Iterator[Problem]:
    own = {quad.object for quad in quads if isinstance(quad.object, ox.NamedNode)}
    for quad in quads:
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            yield Problem(f"A named graph stands in it: {quad.graph_name}", "body")
        if not isinstance(quad.subject, ox.NamedNode) or isinstance(quad.object, ox.Triple):
            yield Problem("A statement about a statement has no place here", "body")
        elif quad.subject.value != node and "/genid/" not in quad.subject.value:
            more = "; describe that one on its own" if quad.subject in own else ""
            yield Problem(f"It speaks of another node too: <{quad.subject.value}>{more}", "body")
        for term in (quad.predicate, quad.object):
            if isinstance(term, ox.NamedNode) and term.value.startswith(_RELATIVE):
                yield Problem(
                    f"{term.value.removeprefix(_RELATIVE)!r} is no absolute IRI", quad.predicate.value
                )


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _faulty(faults: list[Problem]) -> SyntaxProblemError:
    more = f" That is the first of {len(faults)} faults." if len(faults) > 1 else ""
    return SyntaxProblemError(f"{faults[0]}.{more}", hint=_HINT, problems=tuple(faults))
