"""Addresses of this machine alone, and those that secrets may be fetched from."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Say whether a host (a name or an address, without brackets) is this machine and can be nothing else."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def fault_of(url: str, *, loopback: bool = True) -> str | None:
    """Return why keys of issuers may not be fetched from an address, or None: https, or on this machine http."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "it is no address"
    if not host or not url.isprintable() or " " in url:
        return "it is no address"
    if "@" in parts.netloc:
        return "it has a user in it"
    if parts.scheme == "https" or (parts.scheme == "http" and loopback and is_loopback(host)):
        return None
    return "it has to begin with https:// (http:// serves on this machine alone)"
