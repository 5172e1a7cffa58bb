"""What was changed, when and by whom."""

from typing import Annotated

from fastapi import APIRouter, Query

from aimsgraph.model.changeset import Difference, History
from aimsgraph_api.access import may
from aimsgraph_api.opened import GraphDependency

router = APIRouter(tags=["history"], dependencies=[may("history")])

Moment = Annotated[
    str, Query(description="A changeset's number or the start of its hash, a day, an instant, or head.")
]


@router.get("/history")
def history(
    graph: GraphDependency,
    source: Annotated[str | None, Query(description="Only changes of this source.")] = None,
    author: Annotated[str | None, Query(description="Only changes by this person.")] = None,
    node: Annotated[str | None, Query(description="Only changes of what is said of this node.")] = None,
) -> History:
    """List the changesets, oldest first; the JSON is that of `aimsgraph log --json`."""
    return History(changesets=tuple(graph.log(source=source, author=author, node=node)))


@router.get("/history/difference")
def difference(graph: GraphDependency, older: Moment, newer: Moment = "head") -> Difference:
    """Say what changed between two states; the JSON is that of `aimsgraph diff --json`."""
    return graph.diff(older, newer)
