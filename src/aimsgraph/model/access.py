"""Who may do what: roles, what each permits, and who is asking."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from datetime import datetime

#: ``read``: nodes, lineage, impact, findings, pictures and saved questions. ``query``: SPARQL of one's own. ``past``:
#: all of it as it was. ``history``: who changed what, and the reserved graphs. ``evidence``: the way to the evidence.
#: ``write``: changesets. ``administer``: metrics, jobs of others, and what else concerns the server.
Permission = Literal["read", "query", "past", "history", "evidence", "write", "administer"]
Role = Literal["reader", "analyst", "auditor", "editor", "administrator"]

PERMITTED: Final[dict[Role, frozenset[Permission]]] = {
    "reader": frozenset({"read"}),
    "analyst": frozenset({"read", "query", "past"}),
    "auditor": frozenset({"read", "query", "past", "history", "evidence"}),
    "editor": frozenset({"read", "query", "past", "evidence", "write"}),
    "administrator": frozenset({"read", "query", "past", "history", "evidence", "write", "administer"}),
}
#: What needs sight of the whole store.
_WHOLE: Final = frozenset[Permission]({"write", "administer"})


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: a name for the log and for changesets, a role, and the graphs of sources that may be seen.

    ``graphs`` are IRIs; None stands for all of them. Who may see some graphs only does not write, whatever the role
    permits. Nobody in particular has the name ``anonymous``.

    ``since`` is when the key was made by which somebody is known, whatever has replaced it since: a key that is made
    later under the same name is somebody else's, for all that is known.
    """

    name: str
    role: Role
    graphs: frozenset[str] | None = None
    since: datetime | None = field(default=None, compare=False)

    def is_same(self, name: str, since: datetime | None) -> bool:
        """Say whether this is who had a name since a moment."""
        return (self.name, self.since) == (name, since)

    def may(self, permission: Permission) -> bool:
        """Say whether the role permits it."""
        if self.graphs is not None and permission in _WHOLE:
            return False
        return permission in PERMITTED[self.role]
