from __future__ import annotations

from rdflib import Graph, URIRef

from aimsgraph.validate import load_shapes
from aimsgraph.validate.demand import demands_of, queries_of

SHAPE = "https://w3id.org/aimsgraph/shape/"
PREFIXES = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix ex: <https://example.org/shapes#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def ours(name: str) -> tuple[str, ...]:
    return demands_of(load_shapes().graph, URIRef(SHAPE + name))


def of(text: str) -> tuple[str, ...]:
    return demands_of(Graph().parse(data=PREFIXES + text), URIRef("https://example.org/shapes#S"))


def test_counts_are_said_in_singular_plural_and_none():
    assert of("ex:S sh:path ex:p ; sh:minCount 1 ; sh:maxCount 2 .") == (
        "at least 1 value",
        "at most 2 values",
    )
    assert of("ex:S sh:path ex:p ; sh:maxCount 0 .") == ("no value",)


def test_a_shape_of_the_node_speaks_of_the_node_and_one_with_a_path_of_its_values():
    assert of("ex:S sh:class aims:Risk .") == ("it is described as aims:Risk",)
    assert of("ex:S sh:path ex:p ; sh:class aims:Risk .") == ("each value is described as aims:Risk",)


def test_a_list_names_its_members_texts_in_quotation_marks():
    assert ours("ThresholdKindKnown") == ("each value is one of: “at most”, “at least”",)
    assert of("ex:S sh:path ex:p ; sh:in ( aims:Avoid aims:Share ) .") == (
        "each value is one of: aims:Avoid, aims:Share",
    )


def test_alternatives_and_what_is_within_them_are_said_whole():
    assert ours("RiskAssessed") == (
        "(aims:ordinalLikelihood: at least 1 value and aims:ordinalSeverity: at least 1 value) or "
        "(aims:annualProbability: at least 1 value and aims:expectedLoss: at least 1 value) or "
        "(aims:annualProbability: at least 1 value and aims:maximumLoss: at least 1 value) or "
        "(aims:annualProbability: at least 1 value and aims:highLoss: at least 1 value) or "
        "(aims:annualProbability: at least 1 value and aims:medianLoss: at least 1 value)",
    )
    assert ours("LawfulBasisStated") == (
        "not (aims:containsPersonalData: true is among the values) or aims:lawfulBasis: at least 1 value",
    )


def test_a_shape_that_leads_back_to_itself_is_named_again_only():
    assert of("ex:S sh:property [ sh:path ex:p ; sh:node ex:S ] .") == (
        "https://example.org/shapes#p: the shape https://example.org/shapes#S again",
    )


def test_a_query_is_named_and_its_text_has_no_indent():
    assert ours("DerivationAcyclic") == ("its query finds nothing",)
    assert queries_of(load_shapes().graph, URIRef(SHAPE + "DerivationAcyclic")) == (
        "SELECT $this WHERE { $this prov:wasDerivedFrom+ $this }",
    )
    (text,) = queries_of(load_shapes().graph, URIRef(SHAPE + "ModifiedRiskControlled"))
    assert text.startswith("SELECT $this WHERE {\n    $this aims:treatment")


def test_every_shape_of_ours_demands_something_that_has_words():
    shapes = load_shapes()
    assert [check.iri for check in shapes.checks if not demands_of(shapes.graph, check.node)] == []
