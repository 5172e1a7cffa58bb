"""The public keys of an issuer, kept for a while and fetched anew when a token names one that is not among them."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import jwt

from aimsgraph_api.fetching import LONGEST, FetchError, fetch, object_in

if TYPE_CHECKING:
    from pathlib import Path

    from aimsgraph.access import Issuer

#: Seconds between two fetches, however many tokens name keys that are not known.
PAUSE: Final = 10.0
#: Seconds after which keys are fetched anew beside their use, and after which they are no longer used.
FRESH: Final = 600.0
STALE: Final = 24 * 3600.0
#: No issuer publishes more keys.
_MOST_KEYS: Final = 100
_FAMILIES: Final = {"RSA": ("RS", "PS"), "EC": ("ES",), "OKP": ("EdDSA",)}
_log: Final = logging.getLogger("aimsgraph.signing")
#: Fetches wait for others; they have threads of their own, so that nothing else waits with them.
_fetchers: Final = ThreadPoolExecutor(4, "fetch-keys")


class SigningKeys:
    """The keys of one issuer, used in one event loop."""

    def __init__(self, name: str, issuer: Issuer, folder: Path, *, pause: float = PAUSE) -> None:
        """Keep the keys of an issuer; a ``jwks_file`` is relative to ``folder``."""
        self._name, self.issuer, self._folder, self._pause = name, issuer, folder, pause
        self._keys: dict[str | None, dict[str, jwt.PyJWK]] = {}
        self._since = self._tried = float("-inf")
        self._task: asyncio.Task[None] | None = None

    async def find(self, kid: str | None, algorithm: str) -> jwt.PyJWK | None:
        """Return the key of a name for an algorithm, or None; without a name the only one that there is."""
        found = self._look(kid, algorithm)
        if found is not None and self._age() > FRESH:
            self._begin()
        if found is None:
            task = self._begin()
            if task is not None:
                await asyncio.shield(task)
            found = self._look(kid, algorithm)
        return found

    def _age(self) -> float:
        return time.monotonic() - self._since

    def _look(self, kid: str | None, algorithm: str) -> jwt.PyJWK | None:
        if self._age() > STALE:
            return None
        if kid is not None:
            return self._keys.get(kid, {}).get(algorithm)
        fitting = [keys[algorithm] for keys in self._keys.values() if algorithm in keys]
        return fitting[0] if len(fitting) == 1 else None

    def _begin(self) -> asyncio.Task[None] | None:
        """Return the fetch that is under way, begun now unless the last one was just now."""
        loop = asyncio.get_running_loop()
        if self._task is not None and not self._task.done() and self._task.get_loop() is loop:
            return self._task
        if time.monotonic() - self._tried < self._pause:
            return None
        self._tried = time.monotonic()
        self._task = loop.create_task(self._renew())
        return self._task

    async def _renew(self) -> None:
        try:
            published = await asyncio.get_running_loop().run_in_executor(_fetchers, self._published)
        except FetchError as error:
            _log.error("The keys of the issuer %s cannot be had: %s.", self._name, error)
            return
        self._keys = usable(published, self.issuer.algorithms)
        self._since = time.monotonic()
        if not self._keys:
            _log.error("The issuer %s publishes no key that can be used.", self._name)

    def _published(self) -> dict[str, Any]:
        """Return the set of keys, from the file, the address, or where the issuer's discovery page says."""
        issuer = self.issuer
        if issuer.jwks_file is not None:
            return _read(self._folder / issuer.jwks_file)
        near = issuer.issuer.startswith("http://")
        if issuer.jwks_uri is not None:
            return fetch(issuer.jwks_uri, loopback=True)
        page = issuer.issuer.rstrip("/") + "/.well-known/openid-configuration"
        said = fetch(page, loopback=near)
        if said.get("issuer") != issuer.issuer or not isinstance(said.get("jwks_uri"), str):
            raise FetchError(f"{page} is that of another issuer, or names no jwks_uri")
        return fetch(said["jwks_uri"], loopback=near)


def usable(published: dict[str, Any], algorithms: tuple[str, ...]) -> dict[str | None, dict[str, jwt.PyJWK]]:
    """Return the keys of a set by name and algorithm: public ones for signatures, and no secret ones."""
    listed = published.get("keys")
    keys: dict[str | None, dict[str, jwt.PyJWK]] = {}
    for one in listed[:_MOST_KEYS] if isinstance(listed, list) else ():
        if not isinstance(one, dict) or one.get("use", "sig") != "sig" or not _verifies(one):
            continue
        kid = one.get("kid")
        for algorithm in algorithms:
            made = _made(one, algorithm)
            if made is not None:
                keys.setdefault(kid if isinstance(kid, str) else None, {})[algorithm] = made
    return keys


def _verifies(key: dict[str, Any]) -> bool:
    operations = key.get("key_ops")
    return operations is None or (isinstance(operations, list) and "verify" in operations)


def _made(key: dict[str, Any], algorithm: str) -> jwt.PyJWK | None:
    """Return a key for an algorithm, or None where it is for another, or for none."""
    families = _FAMILIES.get(str(key.get("kty")), ())
    if not algorithm.startswith(families) or key.get("alg", algorithm) != algorithm:
        return None
    public = {
        name: value for name, value in key.items() if name not in ("d", "p", "q", "dp", "dq", "qi", "oth")
    }
    try:
        return jwt.PyJWK(public, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST + 1)
    except OSError as error:
        raise FetchError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(text) > LONGEST:
        raise FetchError(f"{path} is longer than {LONGEST:,} bytes")
    return object_in(text, str(path))
