"""How clients reach the server: TLS, and the proxies that speak for others."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from aimsgraph.errors import UsageError

if TYPE_CHECKING:
    from aimsgraph_api.settings import Settings


def connection(settings: Settings) -> dict[str, Any]:
    """Return the words of uvicorn's configuration for it; of nobody but a named proxy is it believed who asks.

    :raises UsageError: the certificate or its key cannot be used.
    """
    words = {"proxy_headers": bool(settings.proxies), "forwarded_allow_ips": list(settings.proxies)}
    if settings.certificate is None:
        if settings.key is not None:
            raise UsageError(
                "A key for TLS serves nothing without its certificate.", hint="Add --certificate FILE."
            )
        return words
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            settings.certificate, settings.key, password=""
        )
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"The certificate {settings.certificate} or its key cannot be used: {error.strerror or error}.",
            hint="Both are files in PEM; the key without a passphrase, in the certificate's file or named by --key.",
        ) from error
    return words | {"ssl_certfile": settings.certificate, "ssl_keyfile": settings.key}
