"""Tokens (JWT) of issuers: whether they are what they say, and what they say."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import jwt

from aimsgraph.access import Unrecognised
from aimsgraph_api.signing import SigningKeys

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.access import Issuer, Rules

_LONGEST_KID: Final = 256
#: Signatures are checked beside the event loop, and not where long answers are worked out: nobody waits for those.
_checkers: Final = ThreadPoolExecutor(2, "check-tokens")


class Tokens:
    """Checks tokens against the issuers of an access file, whose keys it keeps."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, SigningKeys] = {}

    async def claims(self, token: str, rules: Rules) -> tuple[str, dict[str, Any]]:
        """Return the name of the issuer of a token, and what it says.

        :raises Unrecognised: it is of no issuer that we know, was altered, or is not for us, or not now.
        """
        header, said = _unchecked(token)
        name, issuer = _issuer_of(said, rules)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in issuer.algorithms:
            raise Unrecognised(f"the token of {name} is not signed as it has to be")
        if "crit" in header or not isinstance(kid, str | None) or len(kid or "") > _LONGEST_KID:
            raise Unrecognised(f"the token of {name} has a header that is not understood")
        # Only `kid` and `alg` of the header count, and only as words to look up: jku, x5u, jwk and x5c do not.
        key = await self._keys_of(name, issuer).find(kid, algorithm)
        if key is None:
            raise Unrecognised(f"the issuer {name} has no key for the token")
        loop = asyncio.get_running_loop()
        return name, await loop.run_in_executor(_checkers, _checked, token, key, name, issuer)

    def _keys_of(self, name: str, issuer: Issuer) -> SigningKeys:
        kept = self._keys.get(name)
        if kept is None or kept.issuer != issuer:
            kept = self._keys[name] = SigningKeys(name, issuer, self._folder)
        return kept


def _unchecked(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a token, of which nothing may be believed yet."""
    try:
        header = jwt.get_unverified_header(token)
        said = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise Unrecognised("what was shown is no token") from None
    return header, said


def _issuer_of(said: dict[str, Any], rules: Rules) -> tuple[str, Issuer]:
    for name, issuer in rules.issuers.items():
        if said.get("iss") == issuer.issuer:
            return name, issuer
    raise Unrecognised("the token is of an issuer that the access file does not name")


def _checked(token: str, key: jwt.PyJWK, name: str, issuer: Issuer) -> dict[str, Any]:
    try:
        return jwt.decode(
            token, key, algorithms=[key.algorithm_name], audience=issuer.audiences(), issuer=issuer.issuer,
            leeway=issuer.leeway,
            options={"require": ["exp", "iat", "iss", "aud"], "enforce_minimum_key_length": True},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Unrecognised(f"the token of {name} is not valid ({type(error).__name__})") from None
