"""The question ``crosswalk`` reads each mapping both ways: for an entry, for what is below it, for a framework."""

from __future__ import annotations

from pathlib import Path

import pytest

from aimsgraph.query import bind, catalogue, run
from aimsgraph.vocab import compact
from tests.competency.queries.test_saved_questions import HERE, TODAY, filled

RELATED = ("iso42001:A.6.2.4", "skos:relatedMatch", "euaiact:Article-10", "0.9")
BROAD = ("iso42001:A.6.2.4", "skos:broadMatch", "euaiact:Article-15", "0.8")
CLOSE = ("iso42001:A.7.4", "skos:closeMatch", "euaiact:Article-10", "0.7")
BACK_RELATED = ("euaiact:Article-10", "skos:relatedMatch", "iso42001:A.6.2.4", "0.9")
BACK_NARROW = ("euaiact:Article-15", "skos:narrowMatch", "iso42001:A.6.2.4", "0.8")
BACK_CLOSE = ("euaiact:Article-10", "skos:closeMatch", "iso42001:A.7.4", "0.7")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("crosswalk"), [HERE / "crosswalk.ttl"])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("iso42001:A.6.2.4", "euaiact:scheme", [RELATED, BROAD]),
        ("iso42001:A.6.2", "euaiact:scheme", [RELATED, BROAD]),
        ("iso42001:scheme", "euaiact:scheme", [RELATED, BROAD, CLOSE]),
        ("iso42001:scheme", "euaiact:Article-10", [RELATED, CLOSE]),
        ("euaiact:Article-15", "iso42001:scheme", [BACK_NARROW]),
        ("euaiact:Article-15", "iso42001:A.6.2", [BACK_NARROW]),
        ("euaiact:scheme", "iso42001:scheme", [BACK_RELATED, BACK_CLOSE, BACK_NARROW]),
        ("euaiact:scheme", "iso42001:A.7", [BACK_CLOSE]),
        ("euaiact:scheme", "euaiact:scheme", []),
    ],
)
def test_a_mapping_is_found_from_either_side(
    start: str, end: str, expected: list[tuple[str, ...]], store: Path
) -> None:
    saved = catalogue()["crosswalk"]
    answer = run(store, saved.text, bindings=bind(saved, {"from": start, "to": end}, TODAY))
    shown = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    assert [
        (*(compact(str(row[name])) for name in ("entry", "relation", "other")), str(row["confidence"]))
        for row in shown
    ] == expected
    assert {str(row["source"]) for row in shown} <= {"https://example.org/meridian/law"}
