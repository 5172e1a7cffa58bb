"""Questions about the shape of what depends on what: ways, what is shared, circles, weak points, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from aimsgraph import store, trace
from aimsgraph.errors import NodeNotFoundError, UsageError
from aimsgraph.model.routes import State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.model.lineage import Direction
    from aimsgraph.model.node import Edge, NodeRef
    from aimsgraph.model.routes import Cycles, LineageChange, Paths, Shared, WeakPoints
    from aimsgraph.store import View
    from aimsgraph.trace import Filters

    Progress = Callable[[float, float, str], None]

#: Whose weak points are looked for when nothing else is said: what an organisation has to keep going or safe.
KEPT_GOING: Final = ("aims:AISystem", "aims:BusinessProcess", "aims:AffectedParty")
#: With more statements than this in the changesets between two states, they are not looked through.
MOST_STATEMENTS: Final = 1_000_000
_ALL: Final = 1 << 62


class Asked(Protocol):
    """What a graph has to offer to answer these questions."""

    place: store.Place

    def view(self) -> View:
        """Return the state that is asked about."""

    def today(self, day: date | None = None) -> date:
        """Return the day as on which dates are judged."""

    def resolve(self, name: str, *, like: str | None = None) -> NodeRef:
        """Return the node that a name names."""

    def _projected(self, day: date) -> trace.Projection: ...


class Dependencies:
    """The questions, as methods of the graph.

    ``filters`` is what :meth:`filters` makes: it narrows what is walked and what is shown.
    """

    def filters(
        self: Asked,
        *,
        along: Sequence[str] = (),
        types: Sequence[str] = (),
        areas: Sequence[str] = (),
        only_through: bool = False,
    ) -> Filters:
        """Narrow a question: walk only ``along`` some properties or kinds of flow, show only some types and areas.

        With ``only_through`` the walk goes on only through nodes that are shown.

        :raises UsageError: nothing is called so, or it is not what it has to be.
        :raises NodeNotFoundError: there is no such area.
        """
        return trace.read_filters(
            self.view(), along=along, types=types, areas=areas, only_through=only_through
        )

    def paths(
        self: Asked,
        source: str,
        target: str,
        *,
        hops: int | None = None,
        most: int = trace.MOST_PATHS,
        threats: bool = False,
        filters: Filters = trace.EVERYTHING,
        date: date | None = None,
    ) -> Paths:
        """Say along which ways ``source`` feeds into ``target``: up to ``most``, those with the fewest hops first.

        :raises UsageError: both are the same node.
        """
        start, goal = self.resolve(source), self.resolve(target)
        return trace.paths(
            self.view(), self._projected(self.today(date)), start, goal,
            hops=hops, most=most, wanted=filters, threats=threats,
        )  # fmt: skip

    def common(
        self: Asked,
        *nodes: str,
        of: Sequence[str] = (),
        least: int | None = None,
        most: int = trace.MOST_SHARED,
        filters: Filters = trace.EVERYTHING,
        date: date | None = None,
        progress: Progress | None = None,
    ) -> Shared:
        """Say what nodes have upstream in common: all of those named, or at least two of all that are ``of`` a class.

        ``least`` is another number than all, or than two.

        :raises UsageError: there are fewer than two nodes, or than ``least``; a class is unknown.
        """
        view = self.view()
        classes = trace.read_filters(view, types=of).said.types
        known = [ref for name in classes for ref in store.list_nodes(view, type=name, limit=_ALL)]
        return trace.common(
            view, self._projected(self.today(date)), [*map(self.resolve, nodes), *known],
            least=least or (2 if classes else None), of=classes, most=most, wanted=filters, progress=progress,
        )  # fmt: skip

    def cycles(self: Asked, *, filters: Filters = trace.EVERYTHING, date: date | None = None) -> Cycles:
        """Say what depends, in the end, on itself."""
        return trace.cycles(self.view(), self._projected(self.today(date)), wanted=filters)

    def weak_points(
        self: Asked,
        node: str | None = None,
        *,
        of: Sequence[str] = (),
        most: int = trace.MOST_POINTS,
        filters: Filters = trace.EVERYTHING,
        date: date | None = None,
    ) -> WeakPoints:
        """Say without which nodes ``node`` is cut off from what it comes from, or without which most nodes are.

        Without a node it is about those ``of`` some classes: systems, processes and affected parties, unless said.

        :raises UsageError: a class is unknown, or given besides a node.
        """
        if node is not None and of:
            raise UsageError(
                "It is either about one node or about all nodes of a class.",
                hint="Leave out the node or the classes; to show only weak points of a class, narrow it by type.",
            )
        view, projection = self.view(), self._projected(self.today(date))
        if node is not None:
            return trace.weak_points_of(view, projection, self.resolve(node), most=most, wanted=filters)
        chosen = trace.read_filters(view, types=of or KEPT_GOING)
        return trace.weak_points(view, projection, chosen, most=most, wanted=filters)

    def lineage_change(
        self: Asked,
        node: str,
        *,
        since: str,
        direction: Direction = "up",
        hops: int | None = None,
        threats: bool = False,
        filters: Filters = trace.EVERYTHING,
        date: date | None = None,
    ) -> LineageChange:
        """Say what came into the lineage of a node, left it or moved since a changeset, a day or an instant.

        Both states are judged as on the same day.

        :raises UsageError: there was no such state.
        :raises StoreAlteredError: the history that leads there was altered.
        """
        view, older, day = self.view(), store.open_place(self.place, since), self.today(date)
        try:
            source = self.resolve(node)
        except NodeNotFoundError:
            source = store.resolve(older, node)  # it is not there any more
        before, after = (
            trace.lineage(
                state, projection, source,
                direction=direction, hops=hops, include_threats=threats, wanted=filters,
            )
            for state, projection in (
                (older, trace.project(older, today=day)),
                (view, self._projected(day)),
            )
        )  # fmt: skip
        then, now = store.changesets(older), store.changesets(view)
        changed = {*before.edges} ^ {*after.edges}
        return trace.lineage_change(
            before, after, _state(older, then), _state(view, now),
            _concerned(self.place, _between(then, now), sorted(changed, key=str)),
        )  # fmt: skip


def _state(view: View, known: Sequence[Changeset]) -> State:
    newest = known[-1] if known else None
    return State(
        snapshot=view.snapshot,
        changeset=newest.number if newest else None if view.snapshot == store.UNVERSIONED else 0,
        time=newest.time if newest else None,
    )


def _between(then: list[Changeset], now: list[Changeset]) -> list[Changeset]:
    longer, shorter = (now, then) if len(now) >= len(then) else (then, now)
    return longer[len(shorter) :]


def _concerned(
    place: store.Place, between: list[Changeset], changed: Sequence[Edge]
) -> list[Changeset] | None:
    if sum(changeset.added + changeset.removed for changeset in between) > MOST_STATEMENTS:
        return None
    return store.bearing(place, between, trace.bears_on(changed)) if changed else []
