"""The keys of an issuer are fetched seldom, from where the access file says, and bounded."""

from __future__ import annotations

import asyncio
import json
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.warnings import InsecureKeyLengthWarning

from aimsgraph import access
from aimsgraph_api import signing
from aimsgraph_api.fetching import LONGEST, FetchError, fetch
from aimsgraph_api.signing import SigningKeys
from tests.api.access.conftest import KEYS, OTHER_KEY, bearer, jwk, key_for, write
from tests.api.access.test_keys import refuses
from tests.api.access.test_tokens import ADA

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    from starlette.testclient import TestClient

    from tests.api.access.conftest import IssuerOfTokens, Website

FIRST = ["/.well-known/openid-configuration", "/keys"]


def test_many_tokens_with_unknown_keys_cause_one_fetch(
    asked: TestClient, file: Path, issuer: IssuerOfTokens, website: Website
):
    write(file, {"issuers": {"login": issuer.rule()}})
    for number in range(40):
        refuses(asked, bearer(issuer.token(header={"kid": f"k{number}"})))
    assert asked.get("/who", headers=bearer(issuer.token())).json() == ADA
    assert website.asked == FIRST


def kept(issuer: IssuerOfTokens, folder: Path, pause: float, **changes: Any) -> SigningKeys:
    rule = access.Issuer.model_validate_json(json.dumps(issuer.rule(**changes)))
    return SigningKeys("login", rule, folder, pause=pause)


def test_those_who_need_the_keys_at_once_share_one_fetch(
    issuer: IssuerOfTokens, website: Website, tmp_path: Path
):
    keys = kept(issuer, tmp_path, 0)

    async def ask() -> list[Any]:
        return await asyncio.gather(*(keys.find("RS256", "RS256") for _ in range(50)))

    assert all(found is not None for found in asyncio.run(ask()))
    assert website.asked == FIRST


def test_a_new_key_of_the_issuer_is_found(issuer: IssuerOfTokens, website: Website, tmp_path: Path):
    keys = kept(issuer, tmp_path, 0)

    async def ask() -> None:
        assert await keys.find("new", "RS256") is None
        website.show("/keys", {"keys": [jwk(OTHER_KEY, "new")]})
        assert await keys.find("new", "RS256") is not None
        assert await keys.find("RS256", "RS256") is None

    asyncio.run(ask())


def test_an_issuer_that_cannot_be_reached_leaves_the_keys_that_there_are(
    issuer: IssuerOfTokens, website: Website, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    keys = kept(issuer, tmp_path, 0)

    async def ask() -> None:
        assert await keys.find("RS256", "RS256") is not None
        website.pages.clear()
        assert await keys.find("other", "RS256") is None
        assert await keys.find("RS256", "RS256") is not None

    asyncio.run(ask())
    assert "The keys of the issuer login cannot be had" in caplog.text


def test_old_keys_are_fetched_beside_their_use_and_end(
    issuer: IssuerOfTokens, website: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    keys = kept(issuer, tmp_path, 0)

    async def ask() -> None:
        await keys.find("RS256", "RS256")
        monkeypatch.setattr(signing, "FRESH", -1.0)
        assert await keys.find("RS256", "RS256") is not None
        assert keys._task is not None
        await keys._task
        assert website.asked == FIRST * 2
        website.pages.clear()
        monkeypatch.setattr(signing, "STALE", -1.0)
        assert await keys.find("RS256", "RS256") is None

    asyncio.run(ask())


def test_keys_come_from_a_file_beside_the_access_file(
    asked: TestClient, file: Path, issuer: IssuerOfTokens, website: Website
):
    (file.parent / "keys.json").write_text(json.dumps({"keys": [jwk(KEYS["RS256"], "RS256")]}))
    write(file, {"issuers": {"login": issuer.rule(jwks_file="keys.json")}})
    assert asked.get("/who", headers=bearer(issuer.token())).json() == ADA
    refuses(asked, bearer(issuer.token("ES256")))
    assert website.asked == []


@pytest.mark.parametrize(
    "said", [{"issuer": "https://login.example"}, {"jwks_uri": None}, {"jwks_uri": "file:///etc/passwd"}]
)
def test_a_discovery_page_of_another_is_not_believed(
    asked: TestClient, file: Path, issuer: IssuerOfTokens, website: Website, said: dict[str, Any]
):
    page = {"issuer": issuer.address, "jwks_uri": website.address + "/keys"} | said
    website.show("/.well-known/openid-configuration", page)
    write(file, {"issuers": {"login": issuer.rule()}})
    refuses(asked, bearer(issuer.token()))
    assert website.asked == FIRST[:1]


@pytest.mark.parametrize(
    "published",
    [
        jwk(KEYS["RS256"], "RS256", use="enc"),
        jwk(KEYS["RS256"], "RS256", key_ops=["encrypt"]),
        jwk(KEYS["RS256"], "RS256", alg="RS512"),
        jwk(KEYS["RS256"], "RS256", kty="oct"),
        {"kty": "RSA", "kid": "RS256", "n": "x", "e": "AQAB"},
        {"kty": "RSA", "kid": "RS256"},
        {"kid": "RS256"},
        "RS256",
        None,
    ],
    ids=lambda key: str(key)[:30],
)
def test_what_is_no_public_key_for_signatures_is_passed_over(published: Any):
    assert signing.usable({"keys": [published]}, ("RS256", "ES256")) == {}
    assert signing.usable({"keys": published}, ("RS256", "ES256")) == {}


def test_nothing_is_fetched_from_elsewhere_than_https_or_this_machine(website: Website):
    for url in (
        website.address + "/keys",
        "http://example.org/keys",
        "file:///etc/passwd",
        "ftp://127.0.0.1/k",
        "x",
    ):
        with pytest.raises(FetchError, match="is not fetched"):
            fetch(url, loopback=False)
    assert website.asked == []


def redirect(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/canary")
    handler.end_headers()


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b" " * LONGEST)
    except OSError:  # nobody reads any more
        pass


def broken_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"{")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (redirect, "answers 302"),
        (endless, "is longer than"),
        (broken_off, "broke off|is no JSON object"),
        (lambda handler: handler.send_error(500), "answers 500"),
        (None, "answers 404"),
    ],
)
def test_what_an_issuer_answers_is_bounded(website: Website, page: Any, said: str):
    if page is not None:
        website.pages["/keys"] = page
    with pytest.raises(FetchError, match=said):
        fetch(website.address + "/keys", loopback=True)
    assert website.asked == ["/keys"]


def test_what_is_no_object_is_refused(website: Website):
    with pytest.raises(FetchError, match="is no JSON object"):
        fetch(website.show("/keys", [1]), loopback=True)
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch("http://127.0.0.1:1/keys", loopback=True)


def test_nobody_waits_for_an_issuer_that_does_not_answer(
    asked: TestClient, file: Path, issuer: IssuerOfTokens, website: Website
):
    began, go_on = threading.Event(), threading.Event()
    published = website.pages["/keys"]

    def slow(handler: BaseHTTPRequestHandler) -> None:
        began.set()
        go_on.wait(30)
        published(handler)

    website.pages["/keys"] = slow
    write(file, {"issuers": {"login": issuer.rule()}})
    key = key_for(file, "bob")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(asked.get, "/who", headers=bearer(issuer.token()))
        assert began.wait(30)
        assert asked.get("/who", headers=bearer(key)).json()["name"] == "bob"
        assert not waiting.done()
        go_on.set()
        assert waiting.result().json() == ADA


def test_a_key_that_is_too_short_is_not_believed(
    asked: TestClient, file: Path, issuer: IssuerOfTokens, website: Website
):
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - it has to be refused
    website.show("/keys", {"keys": [jwk(short, "short")]})
    write(file, {"issuers": {"login": issuer.rule()}})
    with warnings.catch_warnings(action="ignore", category=InsecureKeyLengthWarning):
        token = issuer.token(key=short, header={"kid": "short"})
    refuses(asked, bearer(token))
