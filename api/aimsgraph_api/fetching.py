"""Fetches what an issuer publishes: little, from where the access file says, and only so long."""

from __future__ import annotations

import json
import time
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from aimsgraph.access import fault_of, is_loopback
from aimsgraph.store.access import NOBODY, THIS_MACHINES
from aimsgraph.store.session import Session

#: Bytes of a page, and seconds for all of it.
LONGEST: Final = 512 << 10
PATIENCE: Final = 8.0
_SILENCE: Final = 4.0
_PORTION: Final = 1 << 16


class FetchError(Exception):
    """What an issuer publishes cannot be had; the text says why."""


def fetch(url: str, *, loopback: bool) -> dict[str, Any]:
    """Return the JSON object at an address; no redirect is followed, and nothing is said of who we are.

    :raises FetchError: it cannot be had, or is no JSON object.
    """
    fault = fault_of(url, loopback=loopback)
    if fault is not None:
        raise FetchError(f"{url} is not fetched: {fault}")
    near = is_loopback(urlsplit(url).hostname or "")
    with Session(url, NOBODY, THIS_MACHINES) as session:
        try:
            answer = session.get(
                url, timeout=_SILENCE, stream=True, allow_redirects=False,
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                proxies={"http": "", "https": ""} if near else None,
            )  # fmt: skip
            with answer:
                text = _body(url, answer)
        except requests.RequestException as error:
            raise FetchError(f"{url} cannot be reached ({type(error).__name__})") from error
    return object_in(text, url)


def object_in(text: bytes, where: str) -> dict[str, Any]:
    """Return the JSON object that a text is.

    :raises FetchError: it is none.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise FetchError(f"{where} is no JSON object")
    return found


def _body(url: str, answer: requests.Response) -> bytes:
    if answer.status_code != requests.codes.ok:
        raise FetchError(f"{url} answers {answer.status_code}")
    until, body = time.monotonic() + PATIENCE, b""
    try:
        while portion := answer.raw.read1(_PORTION, decode_content=False):
            body += portion
            if len(body) > LONGEST:
                raise FetchError(f"{url} is longer than {LONGEST:,} bytes")
            if time.monotonic() > until:
                raise FetchError(f"{url} takes longer than {PATIENCE:g} s")
    except HTTPError as error:
        raise FetchError(f"{url} broke off") from error
    return body
