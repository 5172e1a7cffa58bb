"""The graph that a request writes to, and the board that its long work goes to: for those who may see all of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from aimsgraph.engine import Graph
from aimsgraph.errors import NotPermittedError
from aimsgraph_api.access import PrincipalDependency
from aimsgraph_api.jobs.board import Jobs
from aimsgraph_api.session import SessionDependency


def whole(asking: PrincipalDependency) -> None:
    """Let nobody pass who sees a part of the graphs only.

    :raises NotPermittedError: a write, or work upon the store itself, would reach what they may not see.
    """
    if asking.graphs is not None:
        raise NotPermittedError(
            "Whoever sees a part of the graphs only cannot have this done.",
            hint="Ask for a key without graphs.",
        )


def writable(kept: SessionDependency, asking: PrincipalDependency) -> Graph:
    """Return the graph as it is now, to be written to."""
    whole(asking)
    return kept.graph(asking)


def board(request: Request, asking: PrincipalDependency) -> Jobs:
    """Return the board of jobs, to have one done upon the whole store."""
    whole(asking)
    return jobs(request)


def jobs(request: Request) -> Jobs:
    """Return the board of jobs, to look at it."""
    found = request.app.state.jobs
    assert isinstance(found, Jobs)  # noqa: S101 - the application is made in one place
    return found


WritableDependency = Annotated[Graph, Depends(writable)]
BoardDependency = Annotated[Jobs, Depends(board)]
JobsDependency = Annotated[Jobs, Depends(jobs)]
