"""A saved question as a dependency of its route: parameters typed in OpenAPI, and bound as terms."""

from __future__ import annotations

import inspect
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final
from weakref import WeakKeyDictionary

from fastapi import Query, params
from pydantic import AfterValidator, WithJsonSchema
from starlette.concurrency import run_in_threadpool

from aimsgraph import query
from aimsgraph.query.parameters import term
from aimsgraph_api.asking import Asked
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.routes.parameters import Day

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.engine import Graph
    from aimsgraph.model.question import Parameter, SavedQuery
    from aimsgraph.store import View

#: Most characters of a parameter.
LONGEST: Final = 4000
#: What was asked of pictures of stores, which never change: by question, parameters and day.
_terms: Final[WeakKeyDictionary[View, dict[tuple[object, ...], Asked]]] = WeakKeyDictionary()
_MOST_TERMS: Final = 1_000
_ANY_DAY: Final = date(2000, 1, 1)
_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "iri": {"type": "string", "minLength": 1},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "anyOf": [{"format": "date"}, {"const": "today"}]},
}
_HINTS: Final = {"iri": "an IRI, CURIE or unique label", "date": "a day such as 2026-09-30, or today"}


def asked(saved: SavedQuery) -> params.Depends:
    """Return a dependency that reads the parameters of a question from a request, as :class:`Asked`."""
    judges = any(param.type == "date" for param in saved.params)

    async def read(graph: Graph, day: date | None = None, **given: object) -> Asked:
        # What is no text is the default, as OpenAPI shows it.
        texts = {param.name: given[_inner(param.name)] for param in saved.params}
        values = {name: text for name, text in texts.items() if isinstance(text, str)}
        if graph.view().location is None or graph.as_of is not None:
            return await run_in_threadpool(_bound, saved, values, graph, day)
        key = saved.id, tuple(values.items()), graph.today(day)
        terms = _terms.setdefault(graph.view(), {})
        if key not in terms:
            # Looking for a node by its name may take long.
            found = await run_in_threadpool(_bound, saved, values, graph, day)
            if len(terms) >= _MOST_TERMS:
                terms.clear()
            terms[key] = found
        return terms[key]

    named = inspect.Parameter.KEYWORD_ONLY
    taken = [
        inspect.Parameter("graph", named, annotation=GraphDependency),
        *(_parameter(param) for param in saved.params),
        *([inspect.Parameter("day", named, default=None, annotation=Day)] if judges else []),
    ]
    read.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]  # FastAPI reads the types there
    return params.Depends(read)


def _bound(saved: SavedQuery, values: dict[str, str], graph: Graph, day: date | None) -> Asked:
    return Asked(saved.text, query.bind(saved, values, graph.today(day), graph.resolve))


def _inner(name: str) -> str:
    """Return the name of a parameter inside Python, where ``from`` is none."""
    return f"given_{name}"


def _parameter(param: Parameter) -> inspect.Parameter:
    schema = dict(_SCHEMAS[param.type])
    if param.enumerate:
        schema["enum"] = [_plain(param, text) for text in param.enumerate]
    if schema["type"] == "string":
        schema["maxLength"] = LONGEST
    hint = _HINTS.get(param.type)
    declared = Query(
        alias=param.name,
        description=f"{param.description} ({hint})" if hint and not param.enumerate else param.description,
        openapi_examples={"example": {"value": _plain(param, param.example)}} if param.example else None,
    )
    return inspect.Parameter(
        _inner(param.name),
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if param.default is None else _plain(param, param.default),
        annotation=Annotated[str, AfterValidator(partial(_fitting, param)), WithJsonSchema(schema), declared],
    )


def _plain(param: Parameter, text: str) -> str | int | float | bool:
    """Return the JSON value that a text stands for."""
    readers: dict[str, Callable[[str], str | int | float | bool]] = {
        "integer": int,
        "decimal": float,
        "boolean": lambda word: term(param, word, _ANY_DAY) == term(param, "true", _ANY_DAY),
    }
    return readers.get(param.type, str)(text)


def _fitting(param: Parameter, text: str) -> str:
    """Return a text that fits the type of its parameter; whether there is such a node is asked of the graph later.

    :raises ValueError: it does not fit.
    """
    if len(text) > LONGEST:
        raise ValueError(f"at most {LONGEST:,} characters are taken")
    if param.type != "iri" or param.enumerate:
        term(param, text, _ANY_DAY)
    return text
