"""Makes each wrong key cost time, so that nobody tries many; nothing is kept of those who tried."""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from typing import Final

from aimsgraph.errors import TooManyAttemptsError

#: So many wrong keys of one address wait for their answer at once; what comes meanwhile is not looked at.
MOST: Final = 8
#: So many wait in all; beyond that nobody is made to wait, so that those who wait cannot fill the memory.
MOST_OF_ALL: Final = 1000
#: The addresses of one holder in IPv6 share so many bits.
_HOLDERS_BITS: Final = 64


class Attempts:
    """The wrong keys whose answer waits, counted by address; all of it happens in one event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: Counter[str] = Counter()

    def check(self, address: str) -> None:
        """Make sure that what an address shows is to be looked at.

        :raises TooManyAttemptsError: too many wrong keys of it wait for their answer.
        """
        if self._waiting[_holder(address)] >= MOST:
            raise TooManyAttemptsError(
                "Too many keys that are not valid come from this address at once.",
                hint="Wait a second, and send one that is.",
            )

    async def wait(self, address: str) -> None:
        """Wait as long as a wrong key costs."""
        if not self._seconds or self._waiting.total() >= MOST_OF_ALL:
            return
        holder = _holder(address)
        self._waiting[holder] += 1
        try:
            await asyncio.sleep(self._seconds)
        finally:
            self._waiting[holder] -= 1
            if not self._waiting[holder]:
                del self._waiting[holder]


def _holder(address: str) -> str:
    """Return what the addresses of one holder have in common."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _HOLDERS_BITS), strict=False))
