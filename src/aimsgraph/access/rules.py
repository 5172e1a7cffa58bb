"""Who is let in, as an access file says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from aimsgraph.access.issuer import Issuer
from aimsgraph.access.key import digest, same
from aimsgraph.access.part import Part, Sources
from aimsgraph.ingest.source import encoded
from aimsgraph.model.access import PERMITTED, Principal, Role
from aimsgraph.vocab import SOURCE_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

#: The name of those who show neither key nor token.
ANONYMOUS: Final = "anonymous"
#: Names that already mean somebody in the history.
_TAKEN: Final = {
    ANONYMOUS: f"{ANONYMOUS} is who shows no key",
    "aimsgraph": "so the program names itself",
}
_LONGEST_NAME: Final = 100
_IRI: Final = ("http:", "https:", "urn:", "tag:", "file:")

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Unrecognised(Exception):  # noqa: N818 - no error for people: it tells the log alone why somebody is refused
    """A key or token is not let in; the text says why, and is for the log alone."""


def name_fault(name: str) -> str | None:
    """Return why a key cannot have a name, or None."""
    if not name.isprintable() or name != name.strip() or not 0 < len(name) <= _LONGEST_NAME:
        return f"it has to have 1 to {_LONGEST_NAME} letters, with no spaces around them and no line ends"
    if ":" in name:
        return "it has a colon, which stands in the names of those who come with a token"
    return _TAKEN.get(name)


def _named(name: str) -> str:
    fault = name_fault(name)
    if fault is not None:
        raise ValueError(fault)
    return name


def _reading_only(role: Role | None) -> Role | None:
    if role is not None and PERMITTED[role] & {"write", "administer"}:
        raise ValueError(f"those who show no key cannot be {role}: name reader, analyst or auditor, or none")
    return role


class Former(Part):
    """The key that a new one has replaced, and until when it still serves."""

    sha256: Digest
    until: AwareDatetime


class Key(Part):
    """What is kept of a key: its digest, whose it is, what it may see (None: what its role may), and since when."""

    role: Role
    sha256: Digest
    graphs: Sources | None = None
    created: AwareDatetime
    expires: AwareDatetime | None = None
    rotated: AwareDatetime | None = None
    revoked: AwareDatetime | None = None
    former: Former | None = None

    def standing(self, now: datetime) -> Literal["valid", "expired", "revoked"]:
        """Say whether the key lets anybody in."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and now >= self.expires else "valid"

    def shown_by(self, shown: str, now: datetime) -> bool:
        """Say whether a digest is that of the key, or of the former one while it still serves."""
        newest = same(shown, self.sha256)
        former = self.former is not None and same(shown, self.former.sha256) and now < self.former.until
        return newest or former


class Restriction(Part):
    """What those of a role may see: the graphs of sources."""

    graphs: Sources


class Rules(Part):
    """The whole of an access file.

    ``anonymous`` is the role of those who show neither key nor token; None refuses them.
    """

    format: Literal[1] = 1
    anonymous: Annotated[Role | None, AfterValidator(_reading_only)] = None
    keys: dict[Annotated[str, AfterValidator(_named)], Key] = Field(default_factory=dict)
    roles: dict[Role, Restriction] = Field(default_factory=dict)
    issuers: dict[Annotated[str, AfterValidator(_named)], Issuer] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _unambiguous(self) -> Rules:
        digests = [key.sha256 for key in self.keys.values()]
        digests += [key.former.sha256 for key in self.keys.values() if key.former is not None]
        if len(set(digests)) != len(digests):
            raise ValueError("two keys have the same sha256: make a new one for one of them")
        if len({one.issuer for one in self.issuers.values()}) != len(self.issuers):
            raise ValueError("two issuers have the same address: a token could belong to either")
        return self

    def holder(self, shown: str, now: datetime, *, name: str | None = None) -> Principal:
        """Return whose key was shown; ``name``, where one was given with it, has to be the key's.

        :raises Unrecognised: it is none of the keys, or one that no longer serves.
        """
        ours = digest(shown)
        # Each is compared, so that the time does not tell which it is.
        fitting = [(of, key) for of, key in self.keys.items() if key.shown_by(ours, now)]
        if not fitting:
            raise Unrecognised("no key is the one that was shown, or it was replaced")
        [(of, key)] = fitting
        if name is not None and name != of:
            raise Unrecognised(f"the key of {of} was shown under another name")
        if key.standing(now) != "valid":
            raise Unrecognised(f"the key of {of} is {key.standing(now)}")
        return Principal(of, key.role, self.visible(key.role, key.graphs), since=key.created)

    def bearer(self, issuer: str, claims: dict[str, object]) -> Principal:
        """Return who comes with a token whose signature and times are right.

        :raises Unrecognised: it names nobody, or no role.
        """
        rule = self.issuers[issuer]
        name, role = rule.name_of(claims), rule.role_of(claims)
        if name is None:
            raise Unrecognised(f"the token of {issuer} names nobody (claim {rule.name_claim})")
        if role is None:
            raise Unrecognised(f"the token of {issuer} gives {name!r} no role (claim {rule.role_claim})")
        return Principal(f"{issuer}:{name}", role, self.visible(role, rule.sources_of(claims)))

    def unnamed(self) -> Principal:
        """Return who shows neither key nor token.

        :raises Unrecognised: nobody is let in so.
        """
        if self.anonymous is None:
            raise Unrecognised("neither a key nor a token was shown")
        return Principal(ANONYMOUS, self.anonymous, self.visible(self.anonymous, None))

    def visible(self, role: Role, sources: Sources | None) -> frozenset[str] | None:
        """Return the graphs that may be seen by a role and by a list of sources; None stands for all."""
        lists = [
            one
            for one in (sources, self.roles[role].graphs if role in self.roles else None)
            if one is not None
        ]
        return frozenset.intersection(*(frozenset(map(graph_of, one)) for one in lists)) if lists else None

    def is_guarded(self, now: datetime) -> bool:
        """Say whether somebody is let in, and nobody without saying who he is."""
        let_in = self.issuers or any(key.standing(now) == "valid" for key in self.keys.values())
        return bool(let_in) and self.anonymous is None

    def strangers(self, known: Iterable[str]) -> Iterator[str]:
        """Yield a sentence for each source that is named somewhere and that is not among the ``known`` graphs."""
        there = set(known)
        for where, sources in self._named_sources():
            for source in sources:
                if graph_of(source) not in there:
                    yield f"{where} names {source}, which is no source of the store: it lets nothing be seen."

    def _named_sources(self) -> Iterator[tuple[str, Sources]]:
        for name, key in self.keys.items():
            yield f"keys.{name}.graphs", key.graphs or ()
        for role, restriction in self.roles.items():
            yield f"roles.{role}.graphs", restriction.graphs
        for name, issuer in self.issuers.items():
            for value, sources in (issuer.graphs or {}).items():
                yield f"issuers.{name}.graphs.{value}", sources


def graph_of(source: str) -> str:
    """Return the IRI of the graph of a source, which may be named by it."""
    return source if source.startswith(_IRI) else SOURCE_GRAPH + encoded(source)
