"""Parameters that narrow what is walked and what is shown."""

from typing import Annotated

from fastapi import Depends, Query

from aimsgraph.trace import Filters
from aimsgraph_api.opened import GraphDependency


def narrowed(
    graph: GraphDependency,
    along: Annotated[
        list[str], Query(description="Walk only this property or kind of flow; may be repeated.")
    ] = [],  # noqa: B006 - FastAPI copies it
    type: Annotated[list[str], Query(description="Show only nodes of this class; may be repeated.")] = [],  # noqa: B006 - FastAPI copies it
    area: Annotated[
        list[str], Query(description="Show only nodes in this control area; may be repeated.")
    ] = [],  # noqa: B006 - FastAPI copies it
    only_through: Annotated[bool, Query(description="Go on only through nodes that are shown.")] = False,
) -> Filters:
    """Read what a question is narrowed to."""
    return graph.filters(along=along, types=type, areas=area, only_through=only_through)


FiltersDependency = Annotated[Filters, Depends(narrowed)]
