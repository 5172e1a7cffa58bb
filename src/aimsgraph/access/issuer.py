"""An issuer of tokens (OpenID Connect): what its tokens have to be, and what they say of who asks."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from aimsgraph.access.address import fault_of
from aimsgraph.access.part import Part, Sources, Text
from aimsgraph.model.access import Role

#: Signatures that are made with a private key and checked with a public one; there are no others.
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
#: The name of a claim, or the names that lead to one within others.
Claim = Text | Annotated[tuple[Text, ...], Field(min_length=1, max_length=5)]
#: The longest name that a token may give, in characters.
LONGEST_NAME: Final = 200


class Issuer(Part):
    """An issuer. Its public keys come from ``jwks_file``, from ``jwks_uri``, or from where its discovery page says.

    ``leeway`` is by how many seconds its clock may differ from ours. ``roles`` says which role each value of the claim
    ``role_claim`` means: the first in the file that a token has; ``graphs`` does so for what may be seen.
    """

    issuer: Text
    audience: Text | Annotated[tuple[Text, ...], Field(min_length=1)]
    jwks_uri: Text | None = None
    jwks_file: Text | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("RS256",)
    leeway: Annotated[int, Field(ge=0, le=300)] = 30
    name_claim: Claim = "sub"
    role_claim: Claim = "roles"
    roles: Annotated[dict[Annotated[str, StringConstraints(min_length=1)], Role], Field(min_length=1)]
    graphs_claim: Claim | None = None
    graphs: dict[Annotated[str, StringConstraints(min_length=1)], Sources] | None = None

    @field_validator("issuer", "jwks_uri")
    @classmethod
    def _safe(cls, url: str | None) -> str | None:
        fault = fault_of(url) if url is not None else None
        if fault is not None:
            raise ValueError(fault)
        return url

    @model_validator(mode="after")
    def _whole(self) -> Issuer:
        if self.jwks_uri is not None and self.jwks_file is not None:
            raise ValueError("it names both jwks_uri and jwks_file: take one of them out")
        if (self.graphs_claim is None) != (self.graphs is None):
            raise ValueError("graphs_claim and graphs go together: name both, or neither")
        return self

    def audiences(self) -> list[str]:
        """Return the audiences for one of which a token has to be."""
        return [self.audience] if isinstance(self.audience, str) else list(self.audience)

    def name_of(self, claims: dict[str, object]) -> str | None:
        """Return the name that a token gives to who asks, or None when it gives none that can be written down."""
        name = found(claims, self.name_claim)
        return (
            name if isinstance(name, str) and 0 < len(name) <= LONGEST_NAME and name.isprintable() else None
        )

    def role_of(self, claims: dict[str, object]) -> Role | None:
        """Return the first role of those in the file that a token gives, or None."""
        values = texts(found(claims, self.role_claim))
        return next((role for value, role in self.roles.items() if value in values), None)

    def sources_of(self, claims: dict[str, object]) -> tuple[str, ...] | None:
        """Return the sources that a token lets see, or None for all of them."""
        if self.graphs_claim is None or self.graphs is None:
            return None
        values = texts(found(claims, self.graphs_claim))
        return tuple(
            source for value, sources in self.graphs.items() if value in values for source in sources
        )


def found(claims: object, claim: Claim) -> object:
    """Return what a claim says, or None where there is none."""
    for step in (claim,) if isinstance(claim, str) else claim:
        claims = claims.get(step) if isinstance(claims, dict) else None
    return claims


def texts(value: object) -> set[str]:
    """Return the texts of a claim that is one text or a list."""
    return {one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)}
