"""A session with a server: what it sends of us, and which certificates it believes."""

from __future__ import annotations

import logging
import warnings
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import InsecureRequestWarning

if TYPE_CHECKING:
    from aimsgraph.store.access import Access, Trust

_log: Final = logging.getLogger(__name__)


class Session(requests.Session):
    """A session that keeps no cookies, and whose own word on certificates the environment cannot overrule."""

    def __init__(self, address: str, access: Access, trust: Trust) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.auth = access.authentication(address)
        if trust.certificate is not None:
            certificate, key = str(trust.certificate), trust.key
            self.cert = certificate if key is None else (certificate, str(key))
        self._verify: bool | str = trust.verify if trust.ca is None or not trust.verify else str(trust.ca)
        self.verify = self._verify
        host = urlsplit(address).hostname or ""
        if not trust.verify:
            _log.warning(
                "The certificate of %s is not checked: whoever sits between can read and alter all.", host
            )
            warnings.filterwarnings("ignore", f".*host '{host}'", InsecureRequestWarning)
        elif access.kind not in ("none", "digest") and address.lower().startswith("http://") and _far(host):
            _log.warning("The secret goes to %s unencrypted: use an https address.", host)

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """Take proxies from the environment, but certificates only where nothing was said of them."""
        settings = super().merge_environment_settings(url, proxies, stream, verify, cert)
        if self._verify is not True:
            settings["verify"] = self._verify
        return settings


def _far(host: str) -> bool:
    return host not in {"localhost", "::1"} and not host.startswith("127.")
