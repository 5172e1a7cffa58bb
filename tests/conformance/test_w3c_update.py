"""The W3C's test suite for SPARQL 1.1 Update, through the writer of a store: every case, and why those that fail do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.errors import QueryInvalidError, QueryRefusedError
from aimsgraph.query.request import read_request
from aimsgraph.query.update import drafted
from aimsgraph.store.ground import Whole
from aimsgraph.store.terms import normalised
from aimsgraph.vocab import is_reserved
from tests.conformance.w3c_update import (
    SUITE,
    Case,
    as_the_suite_means,
    canonical,
    changes,
    evaluations,
    quads,
    texts,
)

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 9, 30, tzinfo=UTC)
#: What is said of a case that is not met: nothing is ever fetched, also where SILENT would hide that it cannot be.
LOADING = "LOAD fetches from elsewhere"
UNMET = dict.fromkeys(("update-silent/load-silent", "update-silent/load-into-silent"), LOADING)
UNMET_TEXTS = dict.fromkeys((f"syntax-update-1/test_{number}" for number in (1, 2, 3, 4, 37)), LOADING)

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]


@pytest.fixture(scope="module")
def suite(shared_data: Path) -> Path:
    return shared_data / SUITE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("suite") / "aims.store"
    store.create(path, now=NOW)
    return path


def outcome(folder: Path, case: Case) -> str | None:
    """Carry out one case on an emptied store; return what was wrong, or None."""
    with store.open_writer(folder) as writer:
        full = [graph for graph in writer.view().graphs() if not is_reserved(graph)]
        writer.commit([store.Change(graph, "suite", "empty", (), (), True) for graph in full], now=NOW)
        writer.commit(changes(case.before), now=NOW)
        try:
            operations = [as_the_suite_means(operation) for operation in read_request(case.text)]
            draft = drafted(Whole(store.open_view(folder)), operations, case.text)
        except (QueryRefusedError, QueryInvalidError) as error:
            return error.problems[0].message
        writer.commit([draft.change(author="suite", message=case.name, source=None, sha256=None)], now=NOW)
        kept = (quad for graph in writer.view().graphs() if not is_reserved(graph) for quad in
                writer.view().store.quads_for_pattern(None, None, None, ox.NamedNode(graph)))  # fmt: skip
        found = canonical(kept)
    return None if found == canonical(normalised(quads(case.after))) else f"it left {sorted(found)}"


def test_the_cases_are_met_but_for_those_listed(suite: Path, folder: Path):
    cases = list(evaluations(suite))
    assert len(cases) == 94
    failed = {case.name: said for case in cases if (said := outcome(folder, case)) is not None}
    assert failed == UNMET
    assert store.verify(folder).intact


def test_texts_are_taken_or_refused_as_the_suite_says(suite: Path):
    cases = list(texts(suite))
    assert len(cases) == 63
    wrong = {}
    for name, request, sound in cases:
        text = f"BASE <{request.as_uri()}>\n" + request.read_text(encoding="utf-8")
        try:
            read_request(text)
            taken = None
        except (QueryInvalidError, QueryRefusedError) as error:
            taken = error.problems[0].message
        if (taken is None) != sound:
            wrong[name] = taken or "it is taken"
    assert wrong == UNMET_TEXTS
