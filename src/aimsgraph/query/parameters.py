"""Turns the texts given for a question's parameters into terms."""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import TYPE_CHECKING, Final, Protocol

from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from aimsgraph.errors import AimsgraphError, Problem, QueryInvalidError
from aimsgraph.tokens import variables
from aimsgraph.vocab import expand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib.term import Identifier

    from aimsgraph.model.node import NodeRef
    from aimsgraph.model.question import Parameter, SavedQuery


class Resolver(Protocol):
    """Finds the node (or its IRI) that an IRI, CURIE or label names."""

    def __call__(self, name: str, /, *, like: str | None = None) -> NodeRef | str:
        """Return it; ``like`` is an example of what is wanted, from which an error can tell what to offer."""
        ...


_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]+")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]+)?|\.[0-9]+)")
_GUESSES: Final = (
    (_INTEGER, XSD.integer),
    (_DECIMAL, XSD.decimal),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), XSD.date),
    (re.compile(r"true|false"), XSD.boolean),
)
_TRUTHS: Final = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}


def bind(
    saved: SavedQuery,
    values: Mapping[str, str],
    today: date,
    resolve: Resolver | None = None,
) -> dict[str, Identifier]:
    """Return the term of every parameter of ``saved``: of the text in ``values``, else of its default.

    ``resolve`` returns the node (or its IRI) that an IRI, CURIE or label names; without it, IRIs and CURIEs
    are taken as they are. The default ``today`` of a date becomes the day passed.

    :raises QueryInvalidError: every unknown or missing parameter and every text that does not fit its type.
    :raises NodeNotFoundError: or NodeAmbiguousError, when ``resolve`` says so and nothing else is wrong; the
        message names the parameter and what it takes.
    """
    known = {param.name: param for param in saved.params}
    faults: list[Problem] = []
    single: AimsgraphError | None = None
    for name in sorted(set(values) - set(known)):
        close = difflib.get_close_matches(name, known, n=1)
        offer = f"did you mean {close[0]}?" if close else f"it has {', '.join(known) or 'none'}"
        faults.append(Problem(f"the question {saved.id} has no parameter {name} ({offer})", name))
    terms: dict[str, Identifier] = {}
    for name, param in known.items():
        text = values.get(name, param.default)
        if text is None:
            faults.append(Problem(f"{name} must be given: {_wanted(param)}", name))
            continue
        try:
            terms[name] = term(param, text, today, resolve)
        except ValueError as fault:
            faults.append(Problem(f"{name} = {text!r}: {fault}", name))
        except AimsgraphError as fault:
            said = f"{name}: {fault.message[:1].lower()}{fault.message[1:]} Wanted is {_wanted(param)}."
            single = type(fault)(said, hint=fault.hint, problems=fault.problems)
            faults.append(Problem(str(single).rstrip("."), name))
    if single is not None and len(faults) == 1:
        raise single
    if len(faults) == 1:
        raise QueryInvalidError(f"The parameter does not fit: {faults[0].message}.", problems=tuple(faults))
    if faults:
        names = ", ".join(dict.fromkeys(problem.path or "" for problem in faults))
        raise QueryInvalidError(f"{len(faults)} parameters do not fit: {names}.", problems=tuple(faults))
    return terms


def _wanted(param: Parameter) -> str:
    example = f", for example {param.name}={param.example}" if param.example else ""
    return f"{param.description}{example}"


def bind_free(
    text: str,
    values: Mapping[str, str],
    resolve: Resolver | None = None,
) -> dict[str, Identifier]:
    """Return the terms for the variables of a query ``text`` that declares no parameters.

    What a value looks like decides: ``<iri>``, a CURIE with a known prefix, or ``http…`` is an IRI; ``node:``
    and an IRI, CURIE or label is the node that ``resolve`` finds; a number, a day or true/false is such a
    literal; everything else, and everything in double quotes, is a string.

    :raises QueryInvalidError: the query has no such variable.
    """
    from aimsgraph.query.safety import read

    strange = sorted(set(values) - variables(read(text).tokens))
    if strange:
        names = ", ".join(f"?{name}" for name in strange)
        raise QueryInvalidError(f"The query has no variable {names} to bind a value to.")
    return {name: _guessed(value, resolve) for name, value in values.items()}


def _guessed(text: str, resolve: Resolver | None) -> Identifier:
    if resolve is not None and text.startswith("node:"):
        return URIRef(_iri(text.removeprefix("node:"), resolve))
    if re.fullmatch(r"<[^<>]*>", text) and _IRI.fullmatch(text[1:-1]):
        return URIRef(text[1:-1])
    iri = expand(text) or text
    if iri.startswith(("http://", "https://", "urn:")) and _IRI.fullmatch(iri):
        return URIRef(iri)
    if len(text) > 1 and text[0] == text[-1] == '"':
        return Literal(text[1:-1])
    for pattern, datatype in _GUESSES:
        if pattern.fullmatch(text):
            return Literal(text, datatype=datatype, normalize=False)
    return Literal(text)


def term(param: Parameter, text: str, today: date, resolve: Resolver | None = None) -> Identifier:
    """Return the term that ``text`` stands for in ``param``.

    :raises ValueError: it does not fit; the message says what would.
    """
    text = text if param.type == "string" else text.strip()
    if param.enumerate and text not in param.enumerate:
        raise ValueError(f"one of {', '.join(param.enumerate)} is wanted")
    if param.type == "iri":
        return URIRef(_iri(text, resolve, param.example))
    if param.type == "string":
        return Literal(text)
    if param.type == "date":
        return Literal(_day(text, today).isoformat(), datatype=XSD.date, normalize=False)
    if param.type == "boolean":
        if text.lower() not in _TRUTHS:
            raise ValueError("true or false is wanted")
        return Literal(_TRUTHS[text.lower()], datatype=XSD.boolean, normalize=False)
    whole = param.type == "integer"
    if not (_INTEGER if whole else _DECIMAL).fullmatch(text):
        raise ValueError("a whole number is wanted" if whole else "a number such as 0.25 is wanted")
    return Literal(text, datatype=XSD.integer if whole else XSD.decimal, normalize=False)


def _iri(text: str, resolve: Resolver | None, like: str | None = None) -> str:
    if resolve is not None:
        node = resolve(text, like=like)
        return node if isinstance(node, str) else node.id
    iri = expand(text) or text
    if not _IRI.fullmatch(iri):
        raise ValueError("an IRI or a CURIE such as aims:Risk is wanted")
    return iri


def _day(text: str, today: date) -> date:
    if text == "today":
        return today
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("a day such as 2026-09-30 (or today) is wanted") from None
