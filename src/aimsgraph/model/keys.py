"""Keys to a server, as the command line shows them."""

from __future__ import annotations

from typing import Literal

from aimsgraph.model.access import Role
from aimsgraph.model.node import Value


class MadeKey(Value):
    """A new key, shown this once: whose it is, what it may see (null: what its role may), and until when it serves.

    ``former_until`` is until when the key that it replaces still serves, or null.
    """

    name: str
    role: Role
    graphs: tuple[str, ...] | None
    expires: str | None
    former_until: str | None
    key: str


class ShownKey(Value):
    """What is kept of a key, but its digest; times are in UTC.

    ``former_until`` is until when the key that it replaced still serves, or null.
    """

    name: str
    role: Role
    graphs: tuple[str, ...] | None
    created: str
    rotated: str | None
    expires: str | None
    revoked: str | None
    former_until: str | None
    standing: Literal["valid", "expired", "revoked"]


class Keys(Value):
    """The keys of an access file, by name, and the names of those who issue tokens."""

    file: str
    anonymous: Role | None
    keys: tuple[ShownKey, ...]
    issuers: tuple[str, ...]
