"""Why a number is what it is, and what to fix first."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from aimsgraph.model.fixing import FixFirst
from aimsgraph.model.reasoning import ImpactExplanation
from aimsgraph_api.access import may
from aimsgraph_api.declared import Declared
from aimsgraph_api.opened import GraphDependency
from aimsgraph_api.routes.parameters import Day, Dimension, Hops

router = APIRouter(route_class=Declared, tags=["impact"], dependencies=[may("read")])


@router.get("/impact/explanation")
def explanation(
    graph: GraphDependency,
    node: Annotated[
        list[str], Query(min_length=1, description="An IRI, CURIE or unique label; may be repeated.")
    ],
    target: Annotated[str, Query(description="The node whose probability is explained.")],
    hops: Hops = None,
    dimension: Dimension = None,
    day: Day = None,
) -> ImpactExplanation:
    """Explain how likely one node is hurt; the JSON is that of `aimsgraph impact --why --json`."""
    return graph.explain_impact(*node, target=target, hops=hops, dimension=dimension, date=day)


@router.get("/fix-first")
def fix_first(
    graph: GraphDependency,
    node: Annotated[
        list[str] | None,
        Query(description="Only risks that this is, has or can be reached by; may be repeated."),
    ] = None,
    most: Annotated[int, Query(ge=1, le=1000, description="How many things to do.")] = 10,
    by: Literal["harm", "loss"] = "harm",
    day: Day = None,
) -> FixFirst:
    """Rank what to fix by the risk it would remove; the JSON is that of `aimsgraph fix-first --json`."""
    return graph.fix_first(*(node or ()), most=most, by=by, date=day)
