from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph
from rdflib.namespace import RDF

from aimsgraph import resources
from aimsgraph.errors import InputNotReadableError, SyntaxProblemError
from aimsgraph.validate import load_shapes, ontology_graph, read_shapes
from aimsgraph.validate.score import CONTROL_AREA
from aimsgraph.validate.shapes import own_files
from aimsgraph.validate.wording import BLANK
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aimsgraph.validate import Shape

CHECKS = load_shapes().checks


def by_name(shapes: tuple[Shape, ...]) -> dict[str, Shape]:
    return {local_name(check.iri): check for check in shapes}


def test_each_of_aimsgraphs_shapes_says_what_why_and_how_to_mend() -> None:
    silent = [
        (check.iri, part)
        for check in CHECKS
        for part in ("label", "message", "fix", "requirement", "area")
        if not getattr(check, part)
    ]
    assert silent == []
    assert len({check.iri for check in CHECKS}) == len(CHECKS) >= 40


def test_the_sparql_in_our_own_files_is_sound() -> None:
    # They are taken for sound whenever they are loaded, since reading it takes seconds.
    assert read_shapes(own_files()).checks == CHECKS


def test_a_mending_has_no_blanks_but_the_node_and_the_value() -> None:
    # The other variables of a query reach its message only.
    assert {blank for check in CHECKS for blank in BLANK.findall(check.fix or "")} <= {"this", "value"}


def test_each_control_area_has_at_least_three_demands() -> None:
    areas = {str(area) for area in ontology_graph().subjects(RDF.type, CONTROL_AREA)}
    demands = Counter(check.area for check in CHECKS if check.demanded and check.severity != "info")
    assert len(areas) == 10
    assert {area for area in areas if demands[area] < 3} == set()
    assert set(demands) <= areas


def test_each_shape_names_a_requirement_of_the_standard() -> None:
    known = {str(subject) for subject in ontology_graph().subjects()}
    assert [check.iri for check in CHECKS if check.requirement not in known] == []


def test_each_term_that_a_shape_targets_is_in_the_ontology() -> None:
    known = {str(subject) for subject in ontology_graph().subjects()}
    unknown = {str(term) for check in CHECKS for _, term in check.targets if str(term) not in known}
    assert {term for term in unknown if term.startswith("https://w3id.org/aimsgraph/")} == set()


def test_shape_files_stay_short() -> None:
    files = [
        path
        for folder in ("structure", "governance")
        for path in (resources.folder("shapes") / folder).iterdir()
    ]
    assert len(files) >= 15
    assert [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > 200] == []


def test_the_style_guide_of_the_ontology_is_not_among_the_shapes() -> None:
    assert [check.iri for check in CHECKS if "Meta" in check.iri] == []


def test_extra_files_are_added_to_aimsgraphs_own(shape_file: Callable[[str], Path]) -> None:
    path = shape_file(
        "ex:Mine a sh:PropertyShape ; sh:targetClass aims:Risk ; sh:path rdfs:comment ; sh:minCount 1 ."
    )
    mine = by_name(load_shapes([path]).checks)
    assert set(mine) == {*by_name(CHECKS), "Mine"}
    assert (mine["Mine"].severity, mine["Mine"].area, mine["Mine"].target_text) == (
        "violation",
        None,
        "aims:Risk",
    )


def test_a_nested_property_shape_takes_targets_and_area_from_the_shape_around_it(
    shape_file: Callable[[str], Path],
) -> None:
    path = shape_file("""
        ex:Outer a sh:NodeShape ; sh:targetSubjectsOf aims:threatens ; rdfs:label "Outer" ;
            aims:checksArea area:data-governance ; sh:property ex:Inner ,
            [ sh:path aims:ownedBy ; sh:minCount 1 ; sh:deactivated true ] .
        ex:Inner sh:path aims:treatment ; sh:minCount 1 ; sh:severity sh:Info .""")
    [inner] = read_shapes([path]).checks
    assert (local_name(inner.iri), inner.severity, inner.label, inner.target_text) == (
        "Inner", "info", "Outer", "subjects of aims:threatens",
    )  # fmt: skip
    assert inner.area == "https://w3id.org/aimsgraph/area/data-governance"


def test_only_keeps_a_shape_whole() -> None:
    alone = load_shapes().only("https://w3id.org/aimsgraph/shape/RiskAssessed")
    assert [local_name(check.iri) for check in alone.checks] == ["RiskAssessed"]
    assert len(set(alone.graph.objects(None, None)) & set(ontology_graph().subjects())) > 0
    assert isinstance(alone.graph, Graph)
    assert sum(str(p).endswith("minCount") for p in alone.graph.predicates()) == 10


def test_every_fault_in_shape_files_is_reported_with_file_and_line(tmp_path: Path) -> None:
    broken, wrong = tmp_path / "broken.ttl", tmp_path / "wrong.ttl"
    broken.write_text("@prefix ex: <https://example.org/> .\nex:a ex:b .\n", encoding="utf-8")
    wrong.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n"
        '<https://example.org/S> sh:sparql [ sh:select "SELECT $this WHERE { $this ?p }" ] .\n'
        '<https://example.org/T> sh:sparql [ sh:select "SELECT $this FROM <file:///x> WHERE { $this ?p ?o }" ] .\n',
        encoding="utf-8",
    )
    with pytest.raises(SyntaxProblemError) as caught:
        read_shapes([broken, wrong])
    assert sorted((problem.path, problem.line) for problem in caught.value.problems) == [
        (str(broken), 2), (str(wrong), 3), (str(wrong), 4),
    ]  # fmt: skip


def test_a_missing_shape_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputNotReadableError, match=r"nowhere\.ttl"):
        load_shapes([tmp_path / "nowhere.ttl"])
