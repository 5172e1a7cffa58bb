"""Writes on behalf of a request: by whom, why, upon which state, and past which findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import Depends, Query, Response
from pydantic import AfterValidator

from aimsgraph_api.access import PrincipalDependency
from aimsgraph_api.preconditions import ExpectedDependency, tag
from aimsgraph_api.protocol import in_one_line
from aimsgraph_api.writable import WritableDependency

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimsgraph.engine import Graph
    from aimsgraph.model.changeset import Edit

Message = Annotated[
    str | None, Query(max_length=2000, description="Why, for the history."), AfterValidator(in_one_line)
]
FailOn = Annotated[
    Literal["info", "warning", "violation", "never"],
    Query(description="Write nothing when this would bring a new finding this grave."),
]
Accept = Annotated[
    bool, Query(description="Write in spite of new findings; the changeset's message then names them.")
]
DryRun = Annotated[
    bool, Query(description="Say what would change and what stands against it; write nothing.")
]


@dataclass(frozen=True, slots=True)
class Gating:
    """How a request wants to write."""

    graph: Graph
    author: str
    message: str | None
    fail_on: FailOn
    accept: bool
    dry_run: bool
    expected: str | None

    def edit(self, response: Response, work: Callable[[Graph], Edit]) -> Edit:
        """Have an edit made through the gate, and name the state that it leaves in the ETag.

        :raises FindingsError, StoreMovedError: nothing was written.
        """
        before = self.graph.view().snapshot

        def tried(trial: Graph) -> Edit:
            made = work(trial)
            if not self.dry_run:
                return made
            difference = trial.diff(before).model_copy(update={"newer": before})
            return made.model_copy(update={"dry_run": True, "changesets": (), "difference": difference})

        edit = self.graph.write(
            tried, fail_on=self.fail_on, accept=self.accept, expected=self.expected, dry_run=self.dry_run
        )
        if not self.dry_run and self.graph.left is not None:
            response.headers["ETag"] = tag(self.graph.left)
        return edit


def gating(
    graph: WritableDependency,
    asking: PrincipalDependency,
    expected: ExpectedDependency,
    message: Message = None,
    fail_on: FailOn = "violation",
    accept_findings: Accept = False,
    dry_run: DryRun = False,
) -> Gating:
    """Read off a request how it wants to write."""
    return Gating(graph, asking.name, message, fail_on, accept_findings, dry_run, expected)


GatingDependency = Annotated[Gating, Depends(gating)]
