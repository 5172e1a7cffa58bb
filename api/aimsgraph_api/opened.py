"""The graph that a request is about: as it stands now or as it was, as far as whoever asks may see it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request

from aimsgraph.engine import Graph
from aimsgraph_api import freshness
from aimsgraph_api.access import PrincipalDependency, allowed
from aimsgraph_api.session import SessionDependency

AsOf = Annotated[
    str | None,
    Query(
        description="See the store as it was: at the end of a day (2026-03-03), at an instant (2026-03-03T12:00Z), "
        "or after a changeset (its number, or the start of its hash)."
    ),
]


def moment(asking: PrincipalDependency, as_of: AsOf = None) -> str | None:
    """Return the moment asked for; not everybody may look back.

    :raises NotPermittedError: the role does not permit it.
    """
    if as_of is not None:
        allowed("past")(asking)
    return as_of


MomentDependency = Annotated[str | None, Depends(moment)]


def graph(
    request: Request, kept: SessionDependency, asking: PrincipalDependency, as_of: MomentDependency
) -> Graph:
    """Return the graph as it stands now, or as it was.

    :raises NotModifiedError: the asker has the answer about this state already.
    """
    found = kept.graph(asking, as_of)
    freshness.check(request, found, asking)
    return found


GraphDependency = Annotated[Graph, Depends(graph)]
