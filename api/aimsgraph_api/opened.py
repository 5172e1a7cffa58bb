"""The graph that a request is about: as it stands now or as it was, as far as whoever asks may see it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from aimsgraph.engine import Graph
from aimsgraph.model.access import Principal
from aimsgraph_api import access_log, freshness
from aimsgraph_api.access import PrincipalDependency, allowed
from aimsgraph_api.session import Session, SessionDependency

AsOf = Annotated[
    str | None,
    Query(
        description="See the store as it was: at the end of a day (2026-03-03), at an instant (2026-03-03T12:00Z), "
        "or after a changeset (its number, or the start of its hash)."
    ),
]


async def moment(asking: PrincipalDependency, as_of: AsOf = None) -> str | None:
    """Return the moment asked for; not everybody may look back.

    :raises NotPermittedError: the role does not permit it.
    """
    if as_of is not None:
        allowed("past")(asking)
    return as_of


MomentDependency = Annotated[str | None, Depends(moment)]


async def opened(kept: Session, asking: Principal, as_of: str | None = None) -> Graph:
    """Return the graph as it stands now, or as it was; in a thread only when it has to be opened first."""
    found = kept.at_hand(asking, as_of)
    return await run_in_threadpool(kept.graph, asking, as_of) if found is None else found


async def graph(
    request: Request, kept: SessionDependency, asking: PrincipalDependency, as_of: MomentDependency
) -> Graph:
    """Return the graph as it stands now, or as it was.

    :raises NotModifiedError: the asker has the answer about this state already.
    """
    found = await opened(kept, asking, as_of)
    access_log.note(request.scope, snapshot=found.view().snapshot)
    if freshness.concerns(request):
        if freshness.is_quick(found, asking):
            freshness.check(request, found, asking)
        else:
            await run_in_threadpool(freshness.check, request, found, asking)
    return found


GraphDependency = Annotated[Graph, Depends(graph)]
