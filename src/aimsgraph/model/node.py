"""Nodes, edges and the statement of how complete an answer is."""

from __future__ import annotations

from typing import Literal, TypedDict

from pydantic import BaseModel, ConfigDict, Field


class Value(BaseModel):
    """The root of the value objects: frozen, compared by content, and the JSON of every command and route."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NodeRef(Value):
    """A node of the graph, named for a person.

    ``id`` is the full IRI, ``type`` the CURIE of its most specific known class (``""`` when it has none),
    ``label`` its label, or the last part of its IRI.
    """

    id: str
    type: str
    label: str


class Named(Value):
    """The IRI of a node and its label."""

    id: str
    label: str


class Edge(Value):
    """A dependency, written in the direction in which impact flows: ``source`` can hurt ``target``.

    ``property`` is the CURIE of the asserted property (whose subject may be either end).
    """

    source: str
    target: str
    property: str


class Completeness(Value):
    """Whether an answer is whole, and what stopped it otherwise.

    ``hops`` is the limit that was asked for (null: none); ``nodes`` and ``edges`` count what was visited. "paths" says
    that there are more of them than were asked for, "steps" that the search was given up after so many.
    """

    complete: bool
    stopped_by: Literal["nothing", "hops", "nodes", "time", "paths", "steps"] = "nothing"
    hops: int | None = None
    nodes: int = Field(ge=0)
    edges: int = Field(ge=0)


class NodePage(Value):
    """Some nodes, and the place after which the next page starts (null: there are no more)."""

    nodes: tuple[NodeRef, ...]
    next: str | None


class Narrowing(TypedDict, total=False):
    """What a list of nodes is narrowed to; what is None, or left out, fits all.

    ``type`` is a class (CURIE or IRI); ``area``, ``owner`` and ``status`` (an implementation status or lifecycle stage)
    are named as nodes are; ``text`` are words in labels and descriptions.
    """

    type: str | None
    text: str | None
    area: str | None
    owner: str | None
    status: str | None


class WrittenFile(Value):
    """A file that a command wrote: where, in which format, and how large it is."""

    path: str
    format: str
    bytes: int
