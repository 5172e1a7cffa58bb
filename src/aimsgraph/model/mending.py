"""What to mend first: what lifts completeness most, owner by owner."""

from __future__ import annotations

from aimsgraph.model.node import Named, Value


class Mending(Value):
    """One kind of work of one owner: the nodes at which a check fails.

    ``owner`` and ``owner_label`` are null where nobody owns the nodes or what they are linked with. So many ``checks``
    would pass once all is mended, which lifts overall completeness by ``lift`` (a share of 1). ``fix`` speaks of no
    node in particular.
    """

    owner: str | None
    owner_label: str | None
    shape: str
    label: str
    requirement: str | None
    area: str | None
    fix: str | None
    nodes: tuple[Named, ...]
    checks: int
    lift: float


class Mendings(Value):
    """All work: that of the owner with the most to lift first, nobody's last; of each what lifts most first."""

    mendings: tuple[Mending, ...]
    applicable: int
    passed: int
