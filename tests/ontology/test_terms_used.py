"""Every class and property is used by a shape, a saved question or the example, or says why it is not."""

from __future__ import annotations

import re

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import OWL

from aimsgraph import resources
from aimsgraph.vocab import AIMS

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
UNUSED = URIRef(AIMS + "deliberatelyUnused")


def uses() -> dict[str, set[str]]:
    """Name of each term that shapes, questions and the example write → the files that do."""
    found: dict[str, set[str]] = {}
    files = [
        path
        for folder, pattern in [("shapes", "*.ttl"), ("queries", "*.rq"), ("examples", "*.ttl")]
        for path in resources.files(folder, pattern)  # type: ignore[arg-type]
    ]
    assert len(files) > 90
    for path in files:
        text = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for name in re.findall(r"(?<![\w:])aims:([A-Za-z][A-Za-z0-9]*)", text):
            found.setdefault(name, set()).add(path.name)
    return found


@pytest.fixture(scope="module")
def terms(modules: Graph) -> set[str]:
    found = {str(term) for kind in KINDS for term in modules.subjects(RDF.type, kind)}
    return {iri.removeprefix(AIMS) for iri in found if iri.startswith(AIMS)}


def test_a_term_that_nothing_uses_says_why(modules: Graph, terms: set[str]) -> None:
    assert len(terms) > 230
    marked = {str(term).removeprefix(AIMS) for term in modules.subjects(UNUSED)}
    assert terms - set(uses()) - marked == set(), "use them, or give the reason with aims:deliberatelyUnused"


def test_what_is_marked_as_unused_is_unused_and_gives_one_reason(modules: Graph, terms: set[str]) -> None:
    used = uses()
    reasons = {str(term).removeprefix(AIMS): reason for term, reason in modules.subject_objects(UNUSED)}
    assert set(reasons) <= terms
    assert len(reasons) == len(list(modules.subject_objects(UNUSED))) > 10
    assert {name: sorted(used[name]) for name in reasons if name in used} == {}, "take the mark away"
    assert all(
        isinstance(reason, Literal) and reason.language == "en" and re.fullmatch(r"[A-Z].{20,}\.", reason)
        for reason in reasons.values()
    )
