"""The key is shown to nobody else, what may be asked again is, and no part is taken for the whole."""

from __future__ import annotations

import json
import logging
import pickle

import pytest

from aimsgraph import errors
from aimsgraph.client import Client
from aimsgraph.client.patience import LONGEST
from tests.clients.scripted import scripted

KEY = "aims_0123456789-secret"
JSON = {"Content-Type": "application/json"}
PROBLEM = {"Content-Type": "application/problem+json"}
ROWS = {"Content-Type": "application/sparql-results+json"}
HEALTH = (200, JSON, b'{"status": "ok"}')
CYCLE = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "urn:a"}}'


def told(status: int, code: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return status, PROBLEM | headers, json.dumps({"code": code, "detail": "Why.", "hint": "How."}).encode()


def test_the_key_goes_in_a_header_and_nowhere_else(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    with scripted(told(403, "not-permitted")) as server, Client(server.address, KEY) as client:
        with pytest.raises(errors.NotPermittedError) as found:
            client.health()
        (method, path, headers, _) = server.asked[0]
        assert (method, path, headers["Authorization"]) == ("GET", "/api/v1/health", f"Bearer {KEY}")
        shown = [repr(client), str(found.value), repr(found.value), caplog.text, repr(vars(client))]
        shown += [repr(vars(client._connection)), repr(vars(client._connection._session))]
    assert KEY not in " ".join(shown)


def test_a_key_is_not_pickled():
    with pytest.raises(TypeError):
        pickle.dumps(Client("http://127.0.0.1:1", KEY))


@pytest.mark.parametrize("key", ["", "two words", "line\nend", "Schlüssel"])
def test_what_is_no_key_is_refused_without_telling_it(key: str):
    with pytest.raises(errors.UsageError) as found:
        Client("http://127.0.0.1:1", key)
    assert not key or key not in str(found.value)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "ftp://example.org",
        "http://",
        "http://h:port",
        "http://u:p@h",
        "http://h?a=b",
        "http://h#a",
    ],
)
def test_what_is_no_address_is_refused(address: str):
    with pytest.raises(errors.UsageError):
        Client(address)


@pytest.mark.parametrize(
    "address", ["http://example.org", "http://10.0.0.7:8042", "http://localhost.example.org"]
)
def test_a_key_leaves_this_machine_encrypted_only(address: str):
    with pytest.raises(errors.UsageError, match="unencrypted"):
        Client(address, KEY)
    assert repr(Client(address, KEY, plain=True)) == f"<aimsgraph server at {address}>"
    for near in (
        address.replace("http:", "https:"),
        "http://127.0.0.9:1",
        "http://[::1]:1",
        "http://localhost",
    ):
        assert Client(near, KEY)


def test_credentials_that_lie_about_are_not_sent(tmp_path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ada password lovelace\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with scripted(HEALTH) as server:
        Client(server.address).health()
        Client(server.address, KEY).health()
    assert [asked[2].get("Authorization") for asked in server.asked] == [None, f"Bearer {KEY}"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_followed_to_another_server(status: int):
    with scripted(HEALTH) as other, scripted((status, {"Location": other.address}, b"")) as server:
        with pytest.raises(errors.StoreUnusableError, match="another address"):
            Client(server.address, KEY).health()
        with pytest.raises(errors.StoreUnusableError, match="another address"):
            Client(server.address, KEY).sparql("ASK {}")
        assert other.asked == []


def test_a_way_within_the_server_is_followed_and_no_circle():
    with scripted((307, {"Location": "/there"}, b""), HEALTH) as server:
        assert Client(server.address, KEY).health() == {"status": "ok"}
        assert [asked[1] for asked in server.asked] == ["/api/v1/health", "/there"]
    with scripted((307, {"Location": "/api/v1/health"}, b"")) as server:
        with pytest.raises(errors.StoreUnusableError):
            Client(server.address).health()
        assert len(server.asked) == 3


@pytest.mark.parametrize(
    "first", [(0, {}, b""), (503, {}, b"away"), (502, {}, b""), told(503, "busy", **{"Retry-After": "0"}),
              told(429, "busy", **{"Retry-After": "Sat, 28 Nov 2026 00:00:00 GMT"})],
)  # fmt: skip
def test_a_question_is_asked_again_and_a_write_is_not(first):
    with scripted(first, HEALTH) as server:
        assert Client(server.address).health() == {"status": "ok"}
        assert len(server.asked) == 2
    with scripted(first, (200, ROWS, b'{"head": {}, "boolean": true}')) as server:
        assert bool(Client(server.address).sparql("ASK {}"))
        assert [asked[3] for asked in server.asked] == [b"ASK {}"] * 2
    with scripted(first, HEALTH) as server:
        with pytest.raises(errors.AimsgraphError):
            Client(server.address).update("DELETE WHERE { ?s ?p ?o }")
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (told(503, "store-unusable"), errors.StoreUnusableError),
        (told(504, "time-limit"), errors.TimeLimitError),
        (told(413, "limit-exceeded"), errors.LimitExceededError),
        (told(413, "row-limit"), errors.RowLimitError),
        (told(413, "body-too-large"), errors.BodyTooLargeError),
        (
            told(503, "store-locked", **{"Retry-After": str(LONGEST + 1).partition(".")[0]}),
            errors.StoreLockedError,
        ),
        ((500, {}, b"<html>"), errors.AimsgraphError),
    ],
)
def test_an_answer_that_stands_is_not_asked_for_again(answer, kind):
    with scripted(answer) as server:
        with pytest.raises(kind) as found:
            Client(server.address).health()
        assert len(server.asked) == 1
    assert type(found.value) is kind


def test_a_code_that_is_not_known_here_is_told():
    with scripted(told(418, "no-coffee")) as server, pytest.raises(errors.AimsgraphError) as found:
        Client(server.address).health()
    assert str(found.value) == "Why (no-coffee, status 418). How."
    assert (type(found.value), found.value.code) == (errors.AimsgraphError, "no-coffee")


def test_asking_again_has_an_end():
    with scripted((503, {}, b"")) as server:
        with pytest.raises(errors.AimsgraphError, match="status 503: nothing more"):
            Client(server.address, tries=2).health()
        assert len(server.asked) == 2


def chunk(content: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send something as a stream of one portion, and hang up before its end is told."""
    return 200, ROWS | {"Transfer-Encoding": "chunked"}, b"%x\r\n%s\r\n" % (len(content), content)


@pytest.mark.parametrize(
    "answer",
    [
        chunk(CYCLE),
        chunk(CYCLE + b"]}}"),
        (200, ROWS | {"Content-Length": "4000"}, CYCLE),
        (200, ROWS | {"Content-Length": str(len(CYCLE))}, CYCLE),
        (200, ROWS, b"<html>"),
        (
            200,
            ROWS,
            b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "odd", "value": "a"}}]}}',
        ),
    ],
)
def test_a_part_is_not_taken_for_the_whole(answer):
    with scripted(answer) as server:
        with pytest.raises(errors.StoreUnusableError, match="broke off"):
            list(Client(server.address).rows("SELECT ?x {}"))
        with pytest.raises(errors.StoreUnusableError, match="broke off"):
            Client(server.address).sparql("SELECT ?x {}")


def test_an_answer_of_another_form_is_told():
    with scripted((200, JSON, b'{"cycles": 3}')) as server, pytest.raises(errors.StoreUnusableError) as found:
        Client(server.address).cycles()
    assert "different versions" in str(found.value)


def test_who_takes_too_long_is_given_up():
    with scripted((200, JSON | {"Content-Length": "10"}, b"")) as server:
        server.linger = 1.0
        with pytest.raises(errors.TimeLimitError):
            Client(server.address, timeout=0.2).health()
        assert len(server.asked) == 1


def test_what_has_not_changed_is_not_sent_again():
    tagged = (200, JSON | {"ETag": '"one"'}, b'{"status": "ok"}')
    with scripted(tagged, (304, {"ETag": '"one"'}, b""), (200, JSON | {"ETag": '"two"'}, b"{}")) as server:
        client = Client(server.address, kept=8)
        assert client.health() == client.health() == {"status": "ok"}
        assert client.health() == {}
        tags = [asked[2].get("If-None-Match") for asked in server.asked]
    assert tags == [None, '"one"', '"one"']


def test_so_many_answers_are_kept_and_no_more():
    tagged = (200, JSON | {"ETag": '"one"'}, b'{"status": "ok"}')
    with scripted(tagged) as server:
        client = Client(server.address, kept=1)
        for path in ("/a", "/b", "/a"):
            client._connection.get(path)
        assert [asked[2].get("If-None-Match") for asked in server.asked] == [None, None, None]
