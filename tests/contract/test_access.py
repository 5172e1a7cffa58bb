"""A server learns who we are, and we learn whether it is the one we meant; secrets are never shown."""

from __future__ import annotations

import base64
import logging
from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import ServerFileError, StoreUnusableError
from aimsgraph.store.access import Access, Secret, Trust
from aimsgraph.store.endpoint import JSON, Endpoint
from tests.contract.servers import started
from tests.contract.servers.loopback import certificate, guarded

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "café:s3cret/ + word"  # noqa: S105 - invented for these tests
IN_VARIABLE = Secret(variable="AIMSGRAPH_TEST_SECRET")


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AIMSGRAPH_TEST_SECRET", SECRET)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
        monkeypatch.delenv(name, raising=False)


def asked(endpoint: Endpoint) -> bytes:
    with endpoint.session() as session, endpoint.answer(session, "ASK {}", JSON) as response:
        return response.content


BASIC = ("Authorization", "Basic " + base64.b64encode(f"aims:{SECRET}".encode()).decode())


@pytest.mark.parametrize(
    ("access", "wanted"),
    [
        (Access("basic", "aims", IN_VARIABLE), BASIC),
        (Access("bearer", secret=Secret(variable="TOKEN")), ("Authorization", "Bearer abc.def")),
        (Access("header", secret=Secret(variable="TOKEN"), header="X-Api-Key"), ("X-Api-Key", "abc.def")),
    ],
    ids=["basic", "bearer", "header"],
)
def test_a_server_is_told_who_we_are(access: Access, wanted: tuple[str, str], monkeypatch):
    monkeypatch.setenv("TOKEN", "abc.def")
    with guarded(wanted) as server:
        assert b"true" in asked(Endpoint(server.address, access=access))
        with pytest.raises(StoreUnusableError, match="status 401: who are you"):
            asked(Endpoint(server.address))


def test_a_user_in_the_address_is_basic_authentication():
    with guarded(BASIC) as server:
        place = f"http://aims:caf%C3%A9%3As3cret%2F%20%2B%20word@127.0.0.1:{server.port}/query"
        endpoint = Endpoint(place)
        assert b"true" in asked(endpoint)
    assert "s3cret" not in f"{endpoint} {endpoint!r} {endpoint.name}"
    assert endpoint.name == f"http://127.0.0.1:{server.port}/query"


def test_nothing_is_said_to_who_is_told_nothing(tmp_path: Path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password word\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with guarded() as server:
        asked(Endpoint(server.address))
    assert "Authorization" not in server.seen[0]


def test_the_digest_of_a_password_opens_a_server_that_wants_one():
    with started("virtuoso") as endpoint:
        assert endpoint.access.kind == "digest"
        assert b"1" in asked(endpoint)
        with pytest.raises(StoreUnusableError, match="status 401"):
            asked(Endpoint(endpoint.address))
        with pytest.raises(StoreUnusableError, match="status 401"):
            asked(Endpoint(endpoint.address, access=Access("digest", "dba", IN_VARIABLE)))


def test_a_secret_is_never_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "word").write_text(SECRET + "\n")
    access = Access("basic", "aims", Secret(file=tmp_path / "word"))
    assert access.secret is not None
    assert access.secret.reveal() == SECRET
    caplog.set_level(logging.DEBUG)
    with guarded(("Authorization", "nobody")) as server:
        endpoint = Endpoint(server.address, access=access)
        with pytest.raises(StoreUnusableError) as raised, endpoint.session() as session:
            endpoint.answer(session, "ASK {}", JSON)
    shown = f"{access!r} {endpoint!r} {endpoint} {raised.value} {raised.value!r} {caplog.text}"
    assert "s3cret" not in shown
    assert BASIC[1] not in shown


@pytest.mark.parametrize("word", ["", "two\nlines", "a\x00b"])
def test_what_can_be_no_secret_is_refused_without_showing_it(word: str, tmp_path: Path):
    (tmp_path / "word").write_text(word)
    with pytest.raises(ServerFileError) as raised:
        Secret(file=tmp_path / "word").reveal()
    assert "two" not in str(raised.value)
    assert str(tmp_path / "word") in str(raised.value)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path):
    own = certificate(tmp_path / "own.pem")
    with guarded(certificate=own) as server:
        with pytest.raises(StoreUnusableError, match="certificate is not one"):
            asked(Endpoint(server.address))
        assert b"true" in asked(Endpoint(server.address, trust=Trust(ca=own)))
        other = certificate(tmp_path / "other.pem")
        with pytest.raises(StoreUnusableError, match="certificate is not one"):
            asked(Endpoint(server.address, trust=Trust(ca=other)))


def test_the_environment_cannot_overrule_whom_we_trust(tmp_path: Path, monkeypatch):
    own, other = certificate(tmp_path / "own.pem"), certificate(tmp_path / "other.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(own))
    with guarded(certificate=own) as server:
        assert b"true" in asked(Endpoint(server.address))
        with pytest.raises(StoreUnusableError, match="certificate is not one"):
            asked(Endpoint(server.address, trust=Trust(ca=other)))


def test_a_server_may_want_our_certificate(tmp_path: Path):
    authority = certificate(tmp_path / "authority.pem")
    server_side = certificate(tmp_path / "server.pem", authority)
    ours = certificate(tmp_path / "ours.pem", authority)
    with guarded(certificate=server_side, clients=authority) as server:
        assert b"true" in asked(Endpoint(server.address, trust=Trust(ca=authority, certificate=ours)))
        with pytest.raises(StoreUnusableError):
            asked(Endpoint(server.address, trust=Trust(ca=authority)))


def test_leaving_a_certificate_unchecked_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    with guarded(certificate=certificate(tmp_path / "own.pem")) as server:
        assert b"true" in asked(Endpoint(server.address, trust=Trust(verify=False)))
    assert "The certificate of 127.0.0.1 is not checked" in caplog.text


def test_letters_that_no_header_can_hold_are_refused():
    with pytest.raises(ServerFileError, match="letters beyond ASCII") as raised:
        Endpoint("https://server.example/query", access=Access("bearer", secret=IN_VARIABLE)).session()
    assert "s3cret" not in str(raised.value)


def test_a_secret_that_would_travel_unencrypted_is_warned_of(caplog, monkeypatch):
    monkeypatch.setenv("AIMSGRAPH_TEST_SECRET", "abc")
    access = Access("bearer", secret=IN_VARIABLE)
    Endpoint("http://127.0.0.1/query", access=access).session().close()
    Endpoint("https://server.example/query", access=access).session().close()
    assert caplog.text == ""
    Endpoint("http://server.example/query", access=access).session().close()
    assert "unencrypted" in caplog.text
