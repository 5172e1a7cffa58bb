"""A finding is explained by the check, by who asks for it, and by what the graph says of the node."""

from __future__ import annotations

from datetime import date

import pytest

from aimsgraph.errors import UsageError
from aimsgraph.store import memory_view
from aimsgraph.validate import examined
from aimsgraph.validate.examination import Examination

TODAY = date(2026, 9, 30)
DATA = """
@prefix ex: <https://example.org/> . @prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:w a aims:Competence ; rdfs:label "First aid" ; aims:validUntil "2026-01-31"^^xsd:date ; aims:comment "x" .
ex:v a aims:Competence ; rdfs:label "Driving" ; aims:validUntil "2026-01-31"^^xsd:date .
"""


def examination() -> Examination:
    return examined(memory_view(DATA), today=TODAY)


def finding_id() -> str:
    return next(
        one.id
        for one in examination().validation.findings
        if one.shape.endswith("/CompetenceCurrent") and one.focus_label == "First aid"
    )


def test_an_explanation_says_what_is_asked_by_whom_and_what_is_stated():
    told = examination().explain(finding_id())
    assert told.finding.message == "The competence “First aid” ran out on 2026-01-31."
    assert (told.shape.label, told.shape.nodes, told.alike) == ("Competence has not run out", 2, 1)
    assert told.requirement is not None
    assert (told.requirement.id, told.requirement.label) == ("iso42001:7.2", "7.2 Competence")
    assert told.requirement.definition
    assert told.area == "AI governance"
    assert [(one.property, one.value) for one in told.statements] == [
        ("aims:validUntil", "2026-01-31"),
        ("rdf:type", "aims:Competence"),
        ("rdfs:label", "First aid"),
    ]
    assert told.shacl.startswith("shape:CompetenceCurrent a sh:PropertyShape ;")


def test_the_id_of_a_finding_stays_whatever_its_labels_become():
    renamed = examined(memory_view(DATA.replace("First aid", "Helping")), today=TODAY)
    assert finding_id() in {one.id for one in renamed.validation.findings}


def test_an_id_that_is_unknown_or_begins_several_is_told():
    with pytest.raises(UsageError, match="No finding has the id 'zz'"):
        examination().explain("zz")
    many = examined(
        memory_view(DATA + "".join(f"ex:r{number} a aims:Risk .\n" for number in range(9))), today=TODAY
    )
    ids = [one.id for one in many.validation.findings]  # more than there are digits
    twice = next(digit for digit in "0123456789abcdef" if sum(one.startswith(digit) for one in ids) > 1)
    with pytest.raises(UsageError, match=f"The id '{twice}' begins that of"):
        many.explain(twice)
