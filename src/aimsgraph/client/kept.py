"""Answers that are kept with their tags (RFC 9110 ETag), so that what has not changed is not sent again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests


class KeptAnswers:
    """The newest answers, by what was asked; several threads may ask for them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, requests.Response] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, name: str) -> requests.Response | None:
        """Return the answer that is kept."""
        with self._lock:
            return self._kept.get(name)

    def keep(self, name: str, response: requests.Response) -> None:
        """Keep an answer that has a tag; the one that came the longest ago makes room."""
        if "ETag" not in response.headers:
            return
        with self._lock:
            self._kept[name] = response
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
