"""What a request shows of who asks: a key, or a token."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aimsgraph.access import Unrecognised

if TYPE_CHECKING:
    from starlette.datastructures import Headers

#: No key or token is longer, in characters.
LONGEST: Final = 16 << 10
#: A token has so many dots; a key has none.
_DOTS: Final = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A key or token, and the name that was given with it, if one was; the secret itself is never printed."""

    secret: str = field(repr=False)
    name: str | None = None

    @property
    def is_token(self) -> bool:
        """Say whether it is a token of an issuer, and no key."""
        return self.name is None and self.secret.count(".") == _DOTS


def shown(headers: Headers) -> Shown | None:
    """Return what the header Authorization shows (Bearer, or Basic with the key as password), or None without one.

    :raises Unrecognised: there are several, or it is neither.
    """
    values = headers.getlist("authorization")
    if not values:
        return None
    if len(values) > 1 or len(values[0]) > LONGEST:
        raise Unrecognised("the header Authorization is there twice, or too long")
    scheme, _, rest = values[0].partition(" ")
    if scheme.lower() == "bearer" and rest.strip():
        return Shown(rest.strip())
    if scheme.lower() == "basic":
        return _basic(rest.strip())
    raise Unrecognised("the header Authorization is neither Bearer nor Basic")


def _basic(encoded: str) -> Shown:
    try:
        name, colon, key = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except ValueError:
        raise Unrecognised("what follows Basic is no name and key in base64") from None
    if not colon or not key:
        raise Unrecognised("what follows Basic has no key")
    return Shown(key, name)
