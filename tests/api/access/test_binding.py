"""The server serves this machine alone, unless an access file keeps the unnamed out or it is told to be open."""

from __future__ import annotations

import datetime
import json
import os
import re
import socket
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from starlette.testclient import TestClient

from aimsgraph.errors import UsageError
from aimsgraph_api import create_app, server
from aimsgraph_api.connection import connection
from aimsgraph_api.settings import Settings
from tests.api.access.conftest import KEYS, bearer, key_for, write
from tests.serving import ended

if TYPE_CHECKING:
    from pathlib import Path

EVERYWHERE = "0.0.0.0"  # noqa: S104 - it is asked about, not taken


def checked(settings: Settings, host: str) -> tuple[Settings, Any]:
    """Return the settings and the application with which the server would listen on an address."""
    settings = server._reachable(settings, host)
    app = create_app(settings)
    server._check(app, settings, host)
    return settings, app


@pytest.fixture
def guarded(tmp_path: Path) -> Path:
    file = tmp_path / "access.json"
    key_for(file, "ada")
    return file


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "10.0.0.1", "aims.example"])
def test_other_machines_are_not_served_without_knowing_who_asks(store: Path, guarded: Path, host: str):
    with pytest.raises(UsageError, match="without saying who they are"):
        checked(Settings(store), host)
    checked(Settings(store, access=guarded), host)
    content = json.loads(guarded.read_text())
    write(guarded, content | {"anonymous": "reader"})
    with pytest.raises(UsageError, match="without saying who they are"):
        checked(Settings(store, access=guarded), host)
    checked(Settings(store, access=guarded, open_to_anyone=True), host)
    write(guarded, {})
    with pytest.raises(UsageError, match="without saying who they are"):
        checked(Settings(store, access=guarded), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.9.9.9"])
def test_this_machine_is_always_served(store: Path, host: str):
    settings, _ = checked(Settings(store), host)
    assert (settings.anonymous, settings.known_only) == ("auditor", False)


def test_when_open_to_anyone_the_unnamed_only_read(store: Path):
    settings, app = checked(Settings(store, open_to_anyone=True), EVERYWHERE)
    assert settings.anonymous == "reader"
    with TestClient(app, base_url="http://localhost") as client:
        assert client.get("/api/v1/nodes", params={"limit": 1}).status_code == 200
        assert client.get("/api/v1/history").status_code == 403


def test_an_unnamed_role_that_is_written_later_lets_no_other_machine_in(store: Path, guarded: Path):
    _, app = checked(Settings(store, access=guarded), "10.0.0.1")
    write(guarded, {"anonymous": "reader"})
    with TestClient(app, base_url="http://10.0.0.1") as client:
        assert client.get("/api/v1/nodes").status_code == 401


def test_the_server_answers_to_the_names_that_it_is_given(store: Path, guarded: Path):
    settings, app = checked(Settings(store, access=guarded, hosts=("localhost", "aims.example")), "10.0.0.1")
    assert settings.hosts == ("localhost", "aims.example", "10.0.0.1")
    statuses = {}
    with TestClient(app) as client:
        for host in (
            "aims.example",
            "AIMS.example:8042",
            "10.0.0.1",
            "evil.example",
            "aims.example.evil",
            "",
        ):
            statuses[host] = client.get("http://localhost/api/v1/health", headers={"Host": host}).status_code
    assert statuses == {
        "aims.example": 200, "AIMS.example:8042": 200, "10.0.0.1": 200, "evil.example": 400,
        "aims.example.evil": 400, "": 400,
    }  # fmt: skip


def test_who_asks_is_believed_of_named_proxies_alone(store: Path):
    assert connection(Settings(store)) == {"proxy_headers": False, "forwarded_allow_ips": []}
    named = connection(Settings(store, proxies=("10.0.0.7",)))
    assert named == {"proxy_headers": True, "forwarded_allow_ips": ["10.0.0.7"]}


def test_a_certificate_that_cannot_be_used_is_told(store: Path, tmp_path: Path):
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("x")
    certificate, _ = made_certificate(tmp_path)
    for settings in (
        Settings(store, certificate=wrong, key=wrong),
        Settings(store, certificate=tmp_path / "none.pem"),
        Settings(store, certificate=certificate),
        Settings(store, key=wrong),
    ):
        with pytest.raises(UsageError):
            connection(settings)


def made_certificate(folder: Path) -> tuple[Path, Path]:
    key = KEYS["ES256"]
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, private = folder / "certificate.pem", folder / "private.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return certificate, private


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def test_a_server_with_every_option(store: Path, tmp_path: Path, guarded: Path):
    """Over TLS, on IPv6 where there is any, with a key, a name of its own, a proxy, and a log."""
    key = key_for(guarded, "bob", "auditor")
    certificate, private = made_certificate(tmp_path)
    host = "::1" if has_ipv6() else "127.0.0.1"
    words = [
        "--store", store, "--access", guarded, "--host", host, "--port", "0", "--host-name", "aims.example",
        "--certificate", certificate, "--key", private, "--access-log", tmp_path / "log", "--log-queries",
        "--proxy", host, "--origin", "https://pages.example", "--workers", "1", "--time-limit", "5",
        "--row-limit", "10", "--memory-limit", "512", "--max-body", "1", "--queries", tmp_path,
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name != "AIMSGRAPH_ACCESS"}
    command = [sys.executable, "-m", "aimsgraph", "serve", *map(str, words)]
    with (
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process,
        ended(process),
    ):
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"https://\S+:\d+", said)
        assert address, said
        trust = ssl.create_default_context(cafile=str(certificate))
        trust.check_hostname = False
        with httpx.Client(base_url=address[0], verify=trust, trust_env=False, timeout=60) as client:
            assert client.get("/api/v1/health", headers={"Host": "aims.example"}).status_code == 200
            assert client.get("/api/v1/history").status_code == 401
            forwarded = bearer(key) | {"X-Forwarded-For": "10.1.2.3"}
            assert client.get("/api/v1/history", headers=forwarded).status_code == 200
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [(line["who"], line["status"], line["client"]) for line in lines] == [
        (None, 200, host), (None, 401, host), ("bob", 200, "10.1.2.3"),
    ]  # fmt: skip
