"""An application with an access file, asked within this process, and an issuer of tokens on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from starlette.testclient import TestClient

import aimsgraph
from aimsgraph import access
from aimsgraph_api import create_app
from aimsgraph_api.access import PrincipalDependency
from aimsgraph_api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOW = datetime.now(UTC)
AUDIENCE = "aims"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store."""
    path = tmp_path_factory.mktemp("access") / "aims.store"
    aimsgraph.init(path)
    return path


@contextmanager
def serving(store: Path, **words: Any) -> Iterator[TestClient]:
    """Open an application in which GET and POST /who say who asks, and make a wrong key cost no time."""
    app = create_app(Settings(store, **{"wrong_key_seconds": 0.0, **words}))

    @app.api_route("/who", methods=["GET", "POST"], include_in_schema=False)
    async def who(asking: PrincipalDependency) -> dict[str, Any]:
        return {"name": asking.name, "role": asking.role, "graphs": asking.graphs and sorted(asking.graphs)}

    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 1)) as client:
        yield client


@pytest.fixture(scope="session")
def application(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Path]]:
    """An application and its access file, for all tests that need no other."""
    file = tmp_path_factory.mktemp("application") / "access.json"
    write(file, {})
    with serving(store, access=file) as client:
        yield client, file


@pytest.fixture
def file(application: tuple[TestClient, Path]) -> Path:
    """The access file of the application, in which nobody is named yet."""
    write(application[1], {})
    return application[1]


@pytest.fixture
def asked(application: tuple[TestClient, Path], file: Path) -> TestClient:
    """The application with the access file."""
    assert file.is_file()
    return application[0]


def write(file: Path, content: dict[str, Any]) -> None:
    """Write an access file as a person would."""
    file.write_text(json.dumps(content))
    file.chmod(0o600)


def bearer(secret: str) -> dict[str, str]:
    """Return the header that shows a key or token."""
    return {"Authorization": f"Bearer {secret}"}


def key_for(file: Path, name: str, role: str = "reader", **words: Any) -> str:
    """Make a key and return it."""
    return access.add(file, name, role, now=NOW, **words).key  # type: ignore[arg-type]


@dataclass
class Website:
    """A server on loopback that answers what it is told to, and remembers what it was asked."""

    address: str
    pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def show(self, path: str, content: object) -> str:
        """Answer a path with JSON, and return its address."""

        def page(handler: BaseHTTPRequestHandler) -> None:
            body = json.dumps(content).encode()
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = page
        return self.address + path


@pytest.fixture
def website() -> Iterator[Website]:
    """A server that answers nothing yet."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            page = site.pages.get(self.path)
            if page is None:
                self.send_error(404)
            else:
                page(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Website(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield site
        server.shutdown()


KEYS = {
    "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key: Any, kid: str | None, **more: Any) -> dict[str, Any]:
    """Return a public key as an issuer publishes it."""
    kinds = {
        rsa.RSAPrivateKey: "RS256",
        ec.EllipticCurvePrivateKey: "ES256",
        ed25519.Ed25519PrivateKey: "EdDSA",
    }
    [algorithm] = [name for kind, name in kinds.items() if isinstance(key, kind)]
    published = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return published | more | ({"kid": kid} if kid is not None else {})


@dataclass
class IssuerOfTokens:
    """An issuer on loopback: it publishes a key of each kind, and signs what it is told to."""

    site: Website
    address: str

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Return the claims of a token that is valid but for the changes; None leaves one out."""
        now = int(time.time())
        usual = {
            "iss": self.address,
            "aud": AUDIENCE,
            "sub": "ada",
            "roles": ["staff"],
            "iat": now,
            "exp": now + 300,
        }
        return {name: value for name, value in (usual | changes).items() if value is not None}

    def token(
        self,
        algorithm: str = "RS256",
        *,
        key: Any = None,
        header: dict[str, Any] | None = None,
        **changes: Any,
    ) -> str:
        """Sign a token; None as kid leaves it out."""
        words = {"kid": algorithm} | (header or {})
        words = {name: value for name, value in words.items() if value is not None}
        return jwt.encode(self.claims(**changes), key or KEYS[algorithm], algorithm=algorithm, headers=words)

    def rule(self, **changes: Any) -> dict[str, Any]:
        """Return what the access file says of the issuer."""
        usual = {
            "issuer": self.address, "audience": AUDIENCE, "roles": {"staff": "analyst"}, "leeway": 60,
            "algorithms": ["RS256", "ES256", "EdDSA"],
        }  # fmt: skip
        return usual | changes


@pytest.fixture
def issuer(website: Website) -> IssuerOfTokens:
    """An issuer whose discovery page says where its keys are."""
    website.show("/keys", {"keys": [jwk(key, name) for name, key in KEYS.items()]})
    found = IssuerOfTokens(website, website.address)
    website.show(
        "/.well-known/openid-configuration", {"issuer": found.address, "jwks_uri": website.address + "/keys"}
    )
    return found


def by_hand(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None) -> str:
    """Put a token together as no library would: unsigned, or signed with HMAC by any bytes."""
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (header, claims)]
    signed = b".".join(parts)
    mac = hmac.digest(secret, signed, hashlib.sha256) if secret is not None else b""
    return (signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


def pem(key: Any) -> bytes:
    """Return the public key in PEM."""
    return key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
