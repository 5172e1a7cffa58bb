from __future__ import annotations

from datetime import date

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from aimsgraph.errors import NodeNotFoundError, QueryInvalidError
from aimsgraph.model.node import NodeRef
from aimsgraph.model.question import Parameter, ParameterType, SavedQuery
from aimsgraph.query import bind, bind_free

TODAY = date(2026, 9, 30)


def saved(**params: Parameter) -> SavedQuery:
    return SavedQuery(
        id="q",
        title="Q",
        question="?",
        personas=("auditor",),
        area="ai-governance",
        params=tuple(param.model_copy(update={"name": name}) for name, param in params.items()),
        columns=(),
        order=(),
        since="0.1.0",
        kind="ASK",
        topic="x",
        path="x/q.rq",
        text="ASK {}",
    )


def param(kind: ParameterType, default: str | None = None, enumerate: tuple[str, ...] = ()) -> Parameter:
    return Parameter(name="", type=kind, description="what it is", default=default, enumerate=enumerate)


@pytest.mark.parametrize(
    ("kind", "text", "term"),
    [
        ("string", " a b ", Literal(" a b ")),
        ("integer", "-7", Literal("-7", datatype=XSD.integer)),
        ("decimal", "0.25", Literal("0.25", datatype=XSD.decimal)),
        ("decimal", "3", Literal("3", datatype=XSD.decimal, normalize=False)),
        ("boolean", "Yes", Literal("true", datatype=XSD.boolean)),
        ("boolean", "0", Literal("false", datatype=XSD.boolean)),
        ("date", "2026-02-28", Literal("2026-02-28", datatype=XSD.date)),
        ("date", "today", Literal("2026-09-30", datatype=XSD.date)),
        ("iri", "aims:Risk", URIRef("https://w3id.org/aimsgraph/ns#Risk")),
        ("iri", "https://example.org/x", URIRef("https://example.org/x")),
    ],
)
def test_a_text_becomes_a_term_of_the_type(kind: ParameterType, text: str, term: object) -> None:
    assert bind(saved(x=param(kind)), {"x": text}, TODAY) == {"x": term}


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("integer", "1.5", "whole number"),
        ("decimal", "1e3", "a number such as"),
        ("decimal", "0,5", "a number such as"),
        ("boolean", "maybe", "true or false"),
        ("date", "2026-02-30", "a day such as"),
        ("date", "20260930", "a day such as"),
        ("date", "2026-09-30T00:00:00", "a day such as"),
        ("iri", "Credit scoring", "an IRI or a CURIE"),
        ("iri", "http://e/a> <b", "an IRI or a CURIE"),
    ],
)
def test_a_text_that_does_not_fit_says_what_is_wanted(kind: ParameterType, text: str, wanted: str) -> None:
    with pytest.raises(QueryInvalidError, match=wanted):
        bind(saved(x=param(kind)), {"x": text}, TODAY)


def test_defaults_are_taken_and_today_is_the_day_passed() -> None:
    terms = bind(saved(day=param("date", "today"), n=param("integer", "3")), {}, TODAY)
    assert terms == {
        "day": Literal("2026-09-30", datatype=XSD.date),
        "n": Literal("3", datatype=XSD.integer),
    }


def test_only_the_enumerated_texts_are_taken() -> None:
    question = saved(x=param("iri", enumerate=("aims:LevelLow", "aims:LevelHigh")))
    assert bind(question, {"x": "aims:LevelLow"}, TODAY)
    with pytest.raises(QueryInvalidError, match="one of aims:LevelLow, aims:LevelHigh"):
        bind(question, {"x": "aims:LevelMedium"}, TODAY)


def test_all_faults_come_at_once() -> None:
    question = saved(day=param("date"), count=param("integer"), node=param("iri"))
    with pytest.raises(QueryInvalidError) as caught:
        bind(question, {"coumt": "1", "day": "soon"}, TODAY)
    assert [problem.path for problem in caught.value.problems] == ["coumt", "day", "count", "node"]
    assert str(caught.value) == "4 parameters do not fit: coumt, day, count, node."
    assert "did you mean count?" in caught.value.problems[0].message


def test_a_missing_parameter_is_told_once_with_what_it_is_and_the_example_of_the_header() -> None:
    entry = param("iri").model_copy(update={"example": "iso42001:A.6.2.4"})
    with pytest.raises(QueryInvalidError) as caught:
        bind(saved(entry=entry), {}, TODAY)
    said = "entry must be given: what it is, for example entry=iso42001:A.6.2.4"
    assert str(caught.value) == f"The parameter does not fit: {said}."
    with pytest.raises(QueryInvalidError) as caught:
        bind(saved(entry=entry, day=param("date")), {}, TODAY)
    assert said not in str(caught.value)
    assert caught.value.problems[0].message == said


def test_an_unknown_node_is_told_with_its_parameter_and_what_that_takes() -> None:
    asked: list[str | None] = []

    def unknown(name: str, *, like: str | None = None) -> str:
        asked.append(like)
        raise NodeNotFoundError(f"There is no node named {name!r}.", hint="Did you mean Y?")

    entry = param("iri").model_copy(update={"example": "iso42001:A.6.2.4"})
    with pytest.raises(NodeNotFoundError) as caught:
        bind(saved(entry=entry), {"entry": "X"}, TODAY, unknown)
    assert str(caught.value) == (
        "entry: there is no node named 'X'. Wanted is what it is, for example entry=iso42001:A.6.2.4. "
        "Did you mean Y?"
    )
    assert asked == ["iso42001:A.6.2.4"]


def test_a_node_is_resolved_by_the_caller_whatever_it_returns() -> None:
    question = saved(x=param("iri"))
    ref = NodeRef(id="https://e/x", type="aims:Risk", label="X")
    assert bind(question, {"x": "X"}, TODAY, lambda _, **__: ref) == {"x": URIRef("https://e/x")}
    assert bind(question, {"x": "X"}, TODAY, lambda name, **_: "https://e/" + name) == {
        "x": URIRef("https://e/X")
    }


def test_an_unknown_node_keeps_its_own_error_when_it_is_the_only_fault() -> None:
    def unknown(name: str, **_: str | None) -> str:
        raise NodeNotFoundError(f"There is no node {name}.", hint="Did you mean Y?")

    with pytest.raises(NodeNotFoundError, match="Did you mean Y"):
        bind(saved(x=param("iri")), {"x": "X"}, TODAY, unknown)
    with pytest.raises(QueryInvalidError):
        bind(saved(x=param("iri"), y=param("date")), {"x": "X"}, TODAY, unknown)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("<urn:a:b>", URIRef("urn:a:b")),
        ("aims:Risk", URIRef("https://w3id.org/aimsgraph/ns#Risk")),
        ("https://e/x", URIRef("https://e/x")),
        ("12", Literal("12", datatype=XSD.integer)),
        ("1.50", Literal("1.50", datatype=XSD.decimal, normalize=False)),
        ("2026-09-30", Literal("2026-09-30", datatype=XSD.date)),
        ("true", Literal("true", datatype=XSD.boolean)),
        ('"12"', Literal("12")),
        ("plain text", Literal("plain text")),
        ("node:Credit", URIRef("https://e/Credit")),
        ("unknown:thing", Literal("unknown:thing")),
    ],
)
def test_a_free_value_is_what_it_looks_like(text: str, term: object) -> None:
    assert bind_free("ASK { ?x ?y ?z }", {"x": text}, lambda name, **_: "https://e/" + name) == {"x": term}


def test_a_free_value_needs_its_variable() -> None:
    with pytest.raises(QueryInvalidError, match=r"no variable \?q"):
        bind_free("ASK { ?x ?y ?z }", {"q": "1"})
