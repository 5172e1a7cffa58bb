"""The page on the server names every route, and the pages give every code the status that it has."""

from __future__ import annotations

import os

import pytest

from aimsgraph_api import create_app, problems
from aimsgraph_api.settings import Settings
from tests.conftest import ROOT
from tests.docs import routes

PAGE = ROOT / "docs" / "api.md"
ERRORS = ROOT / "docs" / "errors.md"


@pytest.fixture(scope="module")
def app(demo_folder):
    return create_app(Settings(demo_folder / "aimsgraph-demo" / "meridian.store"))


def test_every_route_is_on_the_page(app):
    if os.environ.get("AIMSGRAPH_REWRITE_DOCS"):
        routes.rewrite(PAGE, app)
    assert routes.shown(PAGE) == routes.listed(app)


def test_every_error_has_the_status_that_the_page_says():
    said = routes.statuses(ERRORS)
    assert len(said) >= 20
    known = {code: {problems.status_of(code), problems.status_of(code, conditional=True)} for code in said}
    known["usage"].add(422)  # a wrong parameter is refused before the engine is asked
    assert said == known
    assert set(problems.STATUSES) <= set(said)


def test_every_problem_of_http_alone_is_on_the_page():
    assert {code: {status} for code, status in problems.HTTP_STATUSES.items()} == routes.statuses(PAGE)
