from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimsgraph.errors import NotAcceptableError
from aimsgraph_api.negotiation import GRAPHS, TABLES, negotiated

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/*", "text/xml; charset=utf-8"),
        ("TEXT/CSV; charset=utf-8", "text/csv; charset=utf-8"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", "application/sparql-results+xml"),
        ("*/*;q=0.1, text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("*/*, application/sparql-results+json;q=0, application/json;q=0", "application/sparql-results+xml"),
        ("text/csv;q=nonsense, application/json", "application/json"),
        ("text/turtle, application/sparql-results+xml;q=0.1", "application/sparql-results+xml"),
        (BROWSER, "application/json"),
    ],
)
def test_rows_are_written_as_the_client_likes_best(accept: str | None, media_type: str):
    assert negotiated(TABLES, accept).media_type == media_type


@pytest.mark.parametrize(
    ("accept", "form", "media_type"),
    [
        (None, "ttl", "text/turtle; charset=utf-8"),
        ("application/rdf+xml", "rdfxml", "application/rdf+xml"),
        ("application/n-triples", "nt", "application/n-triples"),
        ("application/json", "jsonld", "application/json"),
        ("application/ld+json;profile=x, text/turtle;q=0.9", "jsonld", "application/ld+json"),
        (BROWSER, "ttl", "text/plain; charset=utf-8"),
    ],
)
def test_triples_are_written_as_the_client_likes_best(accept: str | None, form: str, media_type: str):
    wanted = negotiated(GRAPHS, accept)
    assert (wanted.form, wanted.media_type) == (form, media_type)


@pytest.mark.parametrize(
    ("forms", "short", "form"),
    [
        (TABLES, "csv", "csv"),
        (TABLES, " JSON ", "json"),
        (TABLES, "application/sparql-results+xml", "xml"),
        (GRAPHS, "json", "jsonld"),
        (GRAPHS, "xml", "rdfxml"),
        (GRAPHS, "n3", "ttl"),
    ],
)
def test_a_short_name_goes_before_the_header(forms, short, form):
    assert negotiated(forms, "text/nothing", short).form == form


@pytest.mark.parametrize(
    ("forms", "accept", "short"),
    [
        (TABLES, "text/turtle", None),
        (TABLES, "image/*", None),
        (TABLES, "text/html", None),
        (TABLES, "*/*;q=0", None),
        (TABLES, None, "turtle"),
        (GRAPHS, None, "csv"),
        (GRAPHS, "text/csv", None),
    ],
)
def test_what_cannot_be_had_is_refused_with_what_there_is(forms, accept, short):
    with pytest.raises(NotAcceptableError) as caught:
        negotiated(forms, accept, short)
    assert caught.value.hint is not None
    assert all(form.types[0] in caught.value.hint for form in forms)


@given(st.text(max_size=60))
def test_no_header_breaks_it(accept: str):
    with suppress(NotAcceptableError):
        assert negotiated(TABLES, accept).form in {form.name for form in TABLES}


def test_of_several_short_names_the_first_counts_that_there_is():
    assert negotiated(TABLES, "text/csv", "json-ld", "tsv", "json").form == "tsv"
    with pytest.raises(NotAcceptableError):
        negotiated(TABLES, "text/csv", "json-ld", "bmp")
