"""A token is believed when its issuer signed it, for us, for now; and nothing in it leads anywhere."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from tests.api.access.conftest import AUDIENCE, KEYS, OTHER_KEY, bearer, by_hand, jwk, pem, write
from tests.api.access.test_keys import refuses

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from tests.api.access.conftest import IssuerOfTokens, Website

ADA = {"name": "login:ada", "role": "analyst", "graphs": None}


@pytest.fixture
def trusted(asked: TestClient, file: Path, issuer: IssuerOfTokens) -> TestClient:
    """The application, whose access file names the issuer ``login``."""
    write(file, {"issuers": {"login": issuer.rule()}})
    return asked


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_token_is_recognised(trusted: TestClient, issuer: IssuerOfTokens, algorithm: str):
    answer = trusted.get("/who", headers=bearer(issuer.token(algorithm)))
    assert (answer.status_code, answer.json()) == (200, ADA)


def test_a_token_may_be_for_others_too(trusted: TestClient, issuer: IssuerOfTokens):
    assert trusted.get("/who", headers=bearer(issuer.token(aud=["others", AUDIENCE]))).json() == ADA


NOW = int(time.time())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"exp": NOW - 3600}, "ExpiredSignatureError"),
        ({"exp": None}, "MissingRequiredClaimError"),
        ({"exp": "tomorrow"}, "DecodeError"),
        ({"exp": float("inf")}, "DecodeError"),
        ({"nbf": NOW + 3600}, "ImmatureSignatureError"),
        ({"iat": NOW + 3600}, "ImmatureSignatureError"),
        ({"iat": None}, "MissingRequiredClaimError"),
        ({"aud": "others"}, "InvalidAudienceError"),
        ({"aud": None}, "MissingRequiredClaimError"),
        ({"aud": {"aims": 1}}, "InvalidAudienceError"),
        ({"iss": "https://login.example"}, "an issuer that the access file does not name"),
        ({"iss": None}, "an issuer that the access file does not name"),
        ({"iss": ["https://login.example"]}, "an issuer that the access file does not name"),
        ({"roles": ["guests"]}, "no role"),
        ({"roles": None}, "no role"),
        ({"sub": None}, "names nobody"),
        ({"sub": "ada\r\nanonymous"}, "names nobody"),
    ],
)
def test_what_a_token_says_has_to_be_right(
    trusted: TestClient,
    issuer: IssuerOfTokens,
    caplog: pytest.LogCaptureFixture,
    changes: dict[str, Any],
    reason: str,
):
    token = by_signing(issuer, changes)
    refuses(trusted, bearer(token))
    assert reason in caplog.text
    assert token not in caplog.text
    assert token.split(".")[1] not in caplog.text


def by_signing(issuer: IssuerOfTokens, changes: dict[str, Any]) -> str:
    """Sign claims of any kind, which the library would refuse to write."""
    content = json.dumps(issuer.claims(**changes)).encode()
    return jwt.api_jws.PyJWS().encode(content, KEYS["RS256"], "RS256", headers={"kid": "RS256"})


@pytest.mark.parametrize("changes", [{"exp": -30}, {"nbf": 30}, {"iat": 30}])
def test_clocks_may_differ_by_the_leeway(
    trusted: TestClient, issuer: IssuerOfTokens, changes: dict[str, int]
):
    token = issuer.token(**{name: int(time.time()) + seconds for name, seconds in changes.items()})
    assert trusted.get("/who", headers=bearer(token)).json() == ADA


def test_an_unsigned_token_is_refused(trusted: TestClient, issuer: IssuerOfTokens):
    for alg in ("none", "None", "NONE", "", None):
        for kid in ("RS256", None):
            refuses(trusted, bearer(by_hand({"alg": alg, "typ": "JWT", "kid": kid}, issuer.claims(), None)))


@pytest.mark.parametrize("alg", ["HS256", "RS256", "hs256"])
def test_a_token_signed_with_the_public_key_as_a_password_is_refused(
    trusted: TestClient, issuer: IssuerOfTokens, alg: str
):
    public = pem(KEYS["RS256"])
    secrets = [public, public.strip(), jwk(KEYS["RS256"], None)["n"].encode(), b""]
    for secret in secrets:
        refuses(trusted, bearer(by_hand({"alg": alg, "kid": "RS256"}, issuer.claims(), secret)))


def test_a_published_password_is_no_key(
    trusted: TestClient, file: Path, issuer: IssuerOfTokens, website: Website
):
    secret = {"kty": "oct", "kid": "shared", "k": "c2VjcmV0", "alg": "HS256"}
    website.show("/keys", {"keys": [secret, jwk(KEYS["RS256"], "RS256")]})
    write(file, {"issuers": {"login": issuer.rule(audience=[AUDIENCE, "b"])}})
    assert trusted.get("/who", headers=bearer(issuer.token())).json() == ADA
    for alg in ("HS256", "RS256"):
        refuses(trusted, bearer(by_hand({"alg": alg, "kid": "shared"}, issuer.claims(), b"secret")))


def test_another_key_under_the_same_name_is_refused(trusted: TestClient, issuer: IssuerOfTokens):
    refuses(trusted, bearer(issuer.token(key=OTHER_KEY)))


def test_a_key_serves_for_its_own_kind_of_signature_alone(trusted: TestClient, issuer: IssuerOfTokens):
    refuses(trusted, bearer(issuer.token("ES256", header={"kid": "RS256"})))
    refuses(trusted, bearer(issuer.token("PS256", key=KEYS["RS256"], header={"kid": "RS256"})))


def test_an_altered_token_is_refused(trusted: TestClient, issuer: IssuerOfTokens):
    head, _, sign = issuer.token().split(".")
    _, claims, _ = issuer.token(sub="eve").split(".")
    refuses(trusted, bearer(".".join((head, claims, sign))))
    refuses(trusted, bearer(".".join((head, claims, ""))))


@pytest.mark.parametrize(
    "kid",
    ["../../../../dev/null", "/dev/null", "RS256\x00", "' OR 1=1 --", "x" * 5000, "", {"a": 1}, 7, ["RS256"]],
    ids=lambda kid: str(kid)[:12],
)
def test_the_name_of_a_key_leads_nowhere(trusted: TestClient, issuer: IssuerOfTokens, kid: Any):
    """A name such as /dev/null leads some servers to sign with nothing."""
    for secret in (b"", b"\x00"):
        refuses(trusted, bearer(by_hand({"alg": "HS256", "kid": kid}, issuer.claims(), secret)))
        refuses(trusted, bearer(by_hand({"alg": "RS256", "kid": kid}, issuer.claims(), secret)))


def test_a_token_cannot_bring_its_own_key(trusted: TestClient, issuer: IssuerOfTokens, website: Website):
    trusted.get("/who", headers=bearer(issuer.token()))
    before = list(website.asked)
    theirs = website.show("/canary", {"keys": [jwk(OTHER_KEY, "mine")]})
    for header in (
        {"jku": theirs}, {"x5u": theirs}, {"jwk": jwk(OTHER_KEY, "mine")}, {"kid": theirs}, {"x5c": ["MIIB"]},
        {"jku": "file:///etc/passwd"}, {"crit": ["jku"], "jku": theirs},
    ):  # fmt: skip
        for kid in ("mine", "RS256"):
            refuses(trusted, bearer(issuer.token(key=OTHER_KEY, header={"kid": kid} | header)))
    assert website.asked == before


def test_what_is_critical_and_not_understood_is_refused(trusted: TestClient, issuer: IssuerOfTokens):
    refuses(trusted, bearer(issuer.token(header={"crit": ["new"], "new": True})))


def test_a_token_without_the_name_of_a_key_fits_the_only_one(trusted: TestClient, issuer: IssuerOfTokens):
    assert trusted.get("/who", headers=bearer(issuer.token(header={"kid": None}))).json() == ADA
    assert trusted.get("/who", headers=bearer(issuer.token("ES256", header={"kid": None}))).json() == ADA


def test_without_its_name_one_of_several_keys_is_not_guessed(
    trusted: TestClient, issuer: IssuerOfTokens, website: Website
):
    website.show("/keys", {"keys": [jwk(KEYS["RS256"], "a"), jwk(OTHER_KEY, "b")]})
    refuses(trusted, bearer(issuer.token(header={"kid": None})))
    assert trusted.get("/who", headers=bearer(issuer.token(header={"kid": "a"}))).json() == ADA


@pytest.mark.parametrize(
    "token",
    ["..", "a.b.c", "e30.e30.", "e30.W10.x", "." * 3, "W" * 9000 + ".e30.e30", "eyJhbGciOiJub25lIn0.bnVsbA."],
)
def test_what_is_no_token_is_refused(trusted: TestClient, token: str):
    refuses(trusted, bearer(token))


def test_a_deeply_nested_token_is_refused(trusted: TestClient):
    deep = base64.urlsafe_b64encode(b"[" * 5000).decode().rstrip("=")
    refuses(trusted, bearer(f"{deep}.{deep}.x"))


def test_a_token_is_no_password(trusted: TestClient, issuer: IssuerOfTokens):
    refuses(trusted, auth=("login:ada", issuer.token()))


def test_two_issuers_cannot_speak_for_each_other(
    asked: TestClient, file: Path, issuer: IssuerOfTokens, website: Website
):
    website.show("/others", {"keys": [jwk(OTHER_KEY, "RS256")]})
    other = issuer.rule(issuer=website.address + "/other", jwks_uri=website.address + "/others")
    write(file, {"issuers": {"login": issuer.rule(), "other": other}})
    assert asked.get("/who", headers=bearer(issuer.token())).json()["name"] == "login:ada"
    theirs = issuer.token(key=OTHER_KEY, iss=website.address + "/other")
    assert asked.get("/who", headers=bearer(theirs)).json()["name"] == "other:ada"
    refuses(asked, bearer(issuer.token(key=OTHER_KEY)))
    refuses(asked, bearer(issuer.token(iss=website.address + "/other")))
