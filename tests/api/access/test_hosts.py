"""A page elsewhere cannot make a browser speak to the server in the name of who sits before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.access.conftest import key_for, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.testclient import TestClient


@pytest.fixture(scope="module")
def named(
    store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, tuple[str, str]]]:
    """An application with names and an origin of its own, and the name and key that a browser remembers."""
    file = tmp_path_factory.mktemp("named") / "access.json"
    key = key_for(file, "ada", "editor")
    words = {"hosts": ("localhost", "[::1]", "*.aims.example"), "origins": ("https://pages.example",)}
    with serving(store, access=file, **words) as client:
        yield client, ("ada", key)


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost", True), ("LOCALHOST:8042", True), ("[::1]", True), ("[::1]:8042", True), ("a.aims.example", True),
        ("a.b.aims.example:1", True), ("aims.example", False), ("evil.example", False),
        ("localhost.evil.example", False),
        ("", False), ("localhost:x", False), ("localhost@evil.example", False), ("[::1", False), ("127.0.0.1", False),
        ("xaims.example", False), ("*", False), ("*.aims.example", False),
    ],
)  # fmt: skip
def test_it_answers_to_its_names_alone(named: tuple[TestClient, tuple[str, str]], host: str, ours: bool):
    answer = named[0].get("/who", auth=named[1], headers={"Host": host})
    assert answer.status_code == (200 if ours else 400)
    if not ours:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200), ("https://pages.example", 200), ("HTTPS://Pages.Example", 200), ("http://localhost", 200),
        ("https://evil.example", 403), ("null", 403), ("", 403), ("https://localhost.evil.example", 403),
        ("https://pages.example.evil.example", 403), ("http://pages.example", 403), ("http://localhost:81", 403),
        ("http://localhost@evil.example", 403), ("//localhost", 403), ("*", 403),
    ],
)  # fmt: skip
def test_a_page_elsewhere_sends_nothing_with_what_the_browser_remembers(
    named: tuple[TestClient, tuple[str, str]], origin: str | None, status: int
):
    client, remembered = named
    headers = {"Origin": origin} if origin is not None else {}
    assert client.post("/who", auth=remembered, headers=headers).status_code == status
    assert client.get("/who", auth=remembered, headers=headers).status_code == 200
