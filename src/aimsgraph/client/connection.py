"""The requests to one server."""

from __future__ import annotations

import time
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final

import requests

from aimsgraph.client import patience
from aimsgraph.client.address import Address
from aimsgraph.client.kept import KeptAnswers
from aimsgraph.client.key import Key
from aimsgraph.client.problem import cut_off, problem_of, unreachable
from aimsgraph.errors import StoreUnusableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    Parameters = Mapping[str, str | Sequence[str]]

#: Seconds to wait for a connection.
_CONNECTING: Final = 10.0
#: So often a server may send its asker on.
_REDIRECTS: Final = 3
#: Bytes taken at a time.
_PORTION: Final = 64 << 10


class Connection:
    """Asks one server; several threads may share it."""

    def __init__(
        self, url: str, key: str | None, *, timeout: float, tries: int, kept: int, verify: bool | Path, plain: bool
    ) -> None:  # fmt: skip
        self.address = Address.of(url)
        if key is not None and not plain and not self.address.confidential:
            raise UsageError(
                f"The key would go to {self.address} unencrypted, for all on the way to read.",
                hint="Use an https address or a tunnel; plain=True sends it all the same.",
            )
        self._timeout, self._tries, self._kept = timeout, max(1, tries), KeptAnswers(kept)
        self._session = requests.Session()
        self._session.auth = Key(key)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._verify = verify if isinstance(verify, bool) else str(verify)

    def get(
        self, path: str, parameters: Parameters | None = None, *, accept: str = "application/json"
    ) -> requests.Response:
        """Ask for what changes nothing; what is kept and has not changed is not sent again.

        :raises AimsgraphError: the problem that the server tells, or that there is no answer.
        """
        headers = {"Accept": accept}
        address = self.address.within(path)
        name = f"{accept} {requests.Request('GET', address, params=parameters).prepare().url}"
        known = self._kept.get(name)
        if known is not None:
            headers["If-None-Match"] = known.headers["ETag"]
        response = self._patiently(requests.Request("GET", address, headers, params=parameters))
        self._whole(response)
        if known is not None and response.status_code == requests.codes.not_modified:
            return known
        self._kept.keep(name, response)
        return response

    def ask(
        self, path: str, body: bytes, parameters: Parameters, *, form: str, accept: str
    ) -> requests.Response:
        """Send a question that changes nothing; its answer is to be taken by :meth:`portions`.

        :raises AimsgraphError: as :meth:`get` does.
        """
        headers = {"Accept": accept, "Content-Type": form}
        address = self.address.within(path)
        return self._patiently(requests.Request("POST", address, headers, data=body, params=parameters))

    def send(
        self, method: str, path: str, parameters: Parameters | None = None, *, headers: Mapping[str, str], **body: Any
    ) -> requests.Response:  # fmt: skip
        """Send what changes something, once: who gets no answer does not know whether it was done.

        :raises AimsgraphError: as :meth:`get` does.
        """
        headers = {"Accept": "application/json", **headers}
        request = requests.Request(method, self.address.within(path), headers, params=parameters, **body)
        try:
            response = self._once(request)
        except requests.RequestException as error:
            raise unreachable(self.address, error) from None
        return self._whole(self._good(response))

    def portions(self, response: requests.Response) -> Iterator[bytes]:
        """Yield the bytes of an answer as they come.

        :raises StoreUnusableError: it breaks off.
        """
        try:
            yield from response.iter_content(_PORTION)
        except requests.RequestException as error:
            raise cut_off(self.address, error) from None
        finally:
            response.close()

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def _patiently(self, request: requests.Request) -> requests.Response:
        for tried in range(1, self._tries + 1):
            last = tried == self._tries
            try:
                response = self._once(request)
            except requests.RequestException as error:
                again = type(error) in (requests.ConnectionError, requests.exceptions.ProxyError)
                if last or not again:
                    raise unreachable(self.address, error) from None
                seconds: float | None = patience.pause(tried)
            else:
                seconds = None if last else patience.wait(response, tried)
                if seconds is None:
                    return self._good(response)
                response.close()
            time.sleep(seconds or 0)
        raise AssertionError("the last try returns or raises")

    def _once(self, request: requests.Request) -> requests.Response:
        prepared = self._session.prepare_request(request)
        settings = self._session.merge_environment_settings(prepared.url, {}, True, None, None)
        if self._verify is not True:  # what the caller says of certificates, the environment cannot overrule
            settings["verify"] = self._verify
        for _ in range(_REDIRECTS):
            response = self._session.send(
                prepared, timeout=(_CONNECTING, self._timeout), allow_redirects=False, **settings
            )
            if not response.is_redirect:
                return response
            response.close()
            there = self.address.redirected(str(prepared.url), response.headers["Location"])
            if there is None or prepared.method != "GET":
                break
            prepared.url = there
        raise StoreUnusableError(
            f"The server at {self.address} sends its askers on to another address, which is not followed.",
            hint="Give the address at which it answers itself.",
        )

    def _whole(self, response: requests.Response) -> requests.Response:
        try:
            _ = response.content
        except requests.RequestException as error:
            raise cut_off(self.address, error) from None
        return response

    def _good(self, response: requests.Response) -> requests.Response:
        if response.ok:
            return response
        raise problem_of(self._whole(response))
