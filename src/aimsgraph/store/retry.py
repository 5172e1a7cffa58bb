"""Asking a server again, when it was away for a moment and asking twice does no harm."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from aimsgraph.errors import StoreUnusableError

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

#: Seconds to wait before asking again, as often as there are numbers.
PAUSES: Final = (0.1, 0.4)
#: What servers and those before them answer when it may go better soon.
_AWAY: Final = frozenset({429, 502, 503, 504})


def patiently(ask: Callable[[], requests.Response]) -> requests.Response:
    """Return the answer of a request that changes nothing, asking a few times while the server is away.

    :raises requests.RequestException: no connection can be made, or the server is too slow.
    """
    import requests  # only now: commands on a folder do not wait for it

    for pause in PAUSES:
        try:
            response = ask()
        except requests.ConnectTimeout:  # waited long enough
            raise
        except requests.ConnectionError:
            time.sleep(pause)
            continue
        if response.status_code not in _AWAY:
            return response
        response.close()
        time.sleep(pause)
    return ask()


def again(write: Callable[[], None]) -> None:
    """Do a write that does no harm when it is done twice, a few times if need be.

    :raises StoreUnusableError: it failed each time.
    """
    for pause in PAUSES:
        try:
            return write()
        except StoreUnusableError:
            time.sleep(pause)
    return write()
