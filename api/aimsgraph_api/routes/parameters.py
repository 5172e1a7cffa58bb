"""Parameters that several routes share."""

from datetime import date
from typing import Annotated

from fastapi import Query

Node = Annotated[str, Query(description="The node's IRI, CURIE or unique label.")]
Hops = Annotated[int | None, Query(ge=1, description="At most this many hops; none: to the end.")]
Day = Annotated[
    date | None,
    Query(
        alias="date", description="Judge dates as on this day; else the graph's reference date, else today."
    ),
]
Dimension = Annotated[
    str | None, Query(description="Only where this quality gets lost: an IRI, CURIE or label.")
]
