from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import aimsgraph
from aimsgraph.answers import FINDINGS_FORMATS
from aimsgraph.errors import UsageError
from aimsgraph.model.finding import Validation

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "system.ttl"
    path.write_text("<https://example.org/s> a <https://w3id.org/aimsgraph/ns#AISystem> .", encoding="utf-8")
    return path


def test_what_a_validation_was_made_from_does_not_show_in_its_json(file: Path) -> None:
    answer = aimsgraph.check(file)
    assert set(answer.model_dump()) == set(Validation.model_fields)
    assert Validation.model_validate_json(answer.render("json")).model_dump() == answer.model_dump()


def test_equal_validations_are_equal(file: Path) -> None:
    assert aimsgraph.check(file) == aimsgraph.check(file)


@pytest.mark.parametrize("format", FINDINGS_FORMATS)
def test_a_form_is_the_same_each_time_and_in_the_file(file: Path, tmp_path: Path, format: Any) -> None:
    text = aimsgraph.check(file).render(format)
    written = aimsgraph.check(file).save(tmp_path / "out", format)
    assert (tmp_path / "out").read_bytes() == text.encode()
    assert (written.format, written.bytes) == (format, len(text.encode()))


def test_an_unknown_form_is_refused_with_those_there_are(file: Path) -> None:
    with pytest.raises(UsageError, match="no format 'xlsx' for findings") as refused:
        aimsgraph.check(file).render("xlsx")  # type: ignore[arg-type]
    assert refused.value.hint == "Known are: json, ttl, jsonld, sarif, junit, csv, html."
