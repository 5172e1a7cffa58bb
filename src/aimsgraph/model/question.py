"""Saved questions: a SPARQL text that says what it answers, for whom, and with which parameters."""

from __future__ import annotations

from typing import Final, Literal, get_args

from aimsgraph.model.node import Value

Persona = Literal["risk-analyst", "auditor", "architect"]
#: The local name of one of the ten control areas.
Area = Literal[
    "ai-governance",
    "ai-risk-management",
    "ai-impact-assessment",
    "data-governance",
    "model-management",
    "transparency-explainability",
    "human-oversight",
    "security-privacy",
    "incident-management",
    "continual-improvement",
]
ParameterType = Literal["iri", "string", "integer", "decimal", "date", "boolean"]
QueryKind = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]
PERSONAS: Final[tuple[Persona, ...]] = get_args(Persona)
AREAS: Final[tuple[Area, ...]] = get_args(Area)


class Parameter(Value):
    """A value that a question asks for; it is bound as a term to the variable ``?name``.

    ``default`` is the text taken when none is given (null: the parameter must be given; ``today`` for a date:
    the day the caller passes). ``enumerate`` lists the only texts allowed (empty: any). ``example`` is a text
    that works on the example organisation.
    """

    name: str
    type: ParameterType
    description: str
    default: str | None = None
    enumerate: tuple[str, ...] = ()
    example: str | None = None


class Column(Value):
    """A column of the answer and what it means."""

    name: str
    meaning: str


class SavedQuery(Value):
    """A saved question, read from a ``.rq`` file with a ``#+`` header.

    ``area`` is the local name of a control area, ``columns`` stand in their order. ``order`` names the
    columns the rows are sorted by (a leading ``-``: descending), which together are unique in every answer.
    ``topic`` is the folder the question lies in, ``path`` its file below the folder of questions, ``since``
    the version it came with.
    """

    id: str
    title: str
    question: str
    personas: tuple[Persona, ...]
    area: str
    params: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    since: str
    kind: QueryKind
    topic: str
    path: str
    text: str


class Catalogue(Value):
    """All saved questions, by id."""

    queries: tuple[SavedQuery, ...]
