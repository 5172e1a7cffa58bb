"""What is known of each kind of SPARQL server: ``profiles.toml`` says it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, Literal

from aimsgraph.errors import UsageError
from aimsgraph.model.node import Value

_FILE: Final = Path(__file__).with_name("profiles.toml")


class Addresses(Value):
    """How an address for queries ends, and what stands in its place for updates and for graphs."""

    query: str
    update: str
    graphs: str


class Profile(Value):
    """One kind of server; the fields are those that ``profiles.toml`` explains. None is: not known."""

    id: str
    name: str
    tested: str | None = None
    server: str | None = None
    addresses: tuple[Addresses, ...] = (Addresses(query="/query", update="/update", graphs="/store"),)
    default_graph: Literal["own", "union"] | None = None
    own_graphs: tuple[str, ...] = ()
    dataset: Literal["parameters", "define"] = "parameters"
    tables: Literal["tsv", "json"] | None = None
    largest_update: int | None = None
    staged: bool = False
    atomic: bool | None = None
    serialised: bool | None = None
    notes: tuple[str, ...] = ()


#: Stands for a server of which nothing is known.
UNKNOWN: Final = Profile(id="unknown", name="a server of an unknown kind")


@cache
def profiles() -> dict[str, Profile]:
    """Return the known kinds of servers by their short names."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: Profile(id=name, **table) for name, table in tables.items()}


def profile_named(name: str | None) -> Profile:
    """Return a kind of server by its short name; None is that of which nothing is known.

    :raises UsageError: there is no such kind.
    """
    if name is None:
        return UNKNOWN
    found = profiles().get(name)
    if found is None:
        raise UsageError(
            f"There is no profile of servers named {name!r}.", hint=f"Name one of: {', '.join(profiles())}."
        )
    return found


def recognised(server: str | None) -> Profile:
    """Return the kind of server whose answers have this ``Server`` header, or the unknown kind."""
    known = (one for one in profiles().values() if one.server and (server or "").startswith(one.server))
    return next(known, UNKNOWN)
