"""Whatever the framework, a crosswalk says what it maps, why, how surely, and the same in SKOS and as a table."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml
from rdflib import OWL, RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS, VANN, XSD

from aimsgraph.errors import InputNotReadableError, SyntaxProblemError
from aimsgraph.reference.sssom import COLUMNS, main, sssom, write_all
from aimsgraph.vocab import AIMS, ISO42001, PREFIXES
from tests.ontology.conftest import FOLDER, MODULES, read

aims = Namespace(AIMS)
CROSSWALKS = sorted((FOLDER / "crosswalks").glob("*.ttl"))
EACH = pytest.mark.parametrize("path", CROSSWALKS, ids=lambda path: path.stem)
MATCHES = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
#: What one line says, each exactly once.
SAID = (
    "mapsFrom",
    "mapsTo",
    "mappingRelation",
    "confidence",
    "justification",
    "mappingBasis",
)
SEMAPV = "https://w3id.org/semapv/vocab/"
OWN = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix iso42001: <https://w3id.org/aimsgraph/iso42001/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rule: <https://example.org/rules/> .
@prefix semapv: <https://w3id.org/semapv/vocab/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

rule: a owl:Ontology ; dcterms:title "Our rules"@en ; owl:versionInfo "2" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
rule:12 skos:prefLabel "Rule \\"twelve\\""@en .
<https://example.org/rules/m2> a aims:Mapping ; aims:mapsFrom iso42001:A.10.3 ; aims:mapsTo rule:12 ;
    aims:mappingRelation skos:relatedMatch ; aims:confidence 0.4 ; aims:justification "Suppliers\\tkeep it." ;
    aims:mappingBasis semapv:ManualMappingCuration .
<https://example.org/rules/m1> a aims:Mapping ; aims:mapsFrom iso42001:A.7.4 ; aims:mapsTo rule:12 ;
    aims:mappingRelation skos:narrowMatch ; aims:confidence 0.8 ; aims:justification "Complete records are good data." ;
    aims:mappingBasis semapv:ManualMappingCuration ; dcterms:source <https://example.org/rules> .
"""


@cache
def graph_of(path: Path) -> Graph:
    return read([path])


@cache
def everything() -> Graph:
    return read([*MODULES, *CROSSWALKS])


def mappings(path: Path) -> list[URIRef]:
    return [node for node in graph_of(path).subjects(RDF.type, aims.Mapping) if isinstance(node, URIRef)]


def triple(graph: Graph, node: URIRef) -> tuple[object, ...]:
    return tuple(graph.value(node, aims[name]) for name in ("mapsFrom", "mappingRelation", "mapsTo"))


def test_each_framework_has_its_crosswalk() -> None:
    assert {path.stem for path in CROSSWALKS} >= {
        "eu-ai-act", "iso23894", "iso27001", "iso42005", "nist-ai-600-1", "nist-ai-rmf",
    }  # fmt: skip


@EACH
def test_a_crosswalk_is_an_ontology_named_after_its_file_with_version_and_licence(path: Path) -> None:
    graph = graph_of(path)
    header = URIRef(f"https://w3id.org/aimsgraph/ontology/crosswalks/{path.stem}")
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [header]
    assert graph.value(header, OWL.versionIRI) == URIRef(f"{header}/{graph.value(header, OWL.versionInfo)}")
    assert graph.value(header, DCTERMS.license) is not None


@EACH
def test_its_scheme_says_edition_day_and_source(path: Path) -> None:
    graph = everything()
    schemes = {graph.value(graph.value(one, aims.mapsTo), SKOS.inScheme) for one in mappings(path)}
    (scheme,) = schemes
    assert str(graph.value(scheme, DCTERMS.identifier)) == path.stem
    assert graph.value(scheme, OWL.versionInfo)
    issued = graph.value(scheme, DCTERMS.issued)
    assert isinstance(issued, Literal)
    assert issued.datatype == XSD.date
    assert str(graph.value(scheme, DCTERMS.source)).startswith(("http://", "https://"))


@EACH
def test_the_prefix_of_its_entries_is_known_to_every_command(path: Path) -> None:
    graph = graph_of(path)
    for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme):
        prefix, namespace = (
            str(graph.value(scheme, said))
            for said in (VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri)
        )
        if namespace.startswith("https://w3id.org/aimsgraph/"):
            assert str(scheme) == f"{namespace}scheme"
            assert PREFIXES.get(prefix) == namespace


@EACH
def test_each_line_is_complete(path: Path) -> None:
    graph = graph_of(path)
    lines = mappings(path)
    assert len(lines) >= 10
    for line in lines:
        for name in SAID:
            assert len(list(graph.objects(line, aims[name]))) == 1, f"{line} {name}"
        assert list(graph.objects(line, DCTERMS.source)), line
        confidence = graph.value(line, aims.confidence)
        assert isinstance(confidence, Literal)
        assert confidence.datatype == XSD.decimal
        assert 0 <= Decimal(confidence) <= 1
        assert graph.value(line, aims.mappingRelation) in MATCHES
        assert str(graph.value(line, aims.mappingBasis)).startswith(SEMAPV)


@EACH
def test_each_line_has_a_reason_of_its_own_in_one_sentence(path: Path) -> None:
    reasons = [str(graph_of(path).value(line, aims.justification)) for line in mappings(path)]
    assert [text for text, count in Counter(reasons).items() if count > 1] == []
    assert [text for text in reasons if not re.fullmatch(r"[A-Z][^\n]{28,}\.", text)] == []


@EACH
def test_a_line_is_named_after_what_it_maps_and_stands_once(path: Path) -> None:
    graph = graph_of(path)
    ends = [(graph.value(one, aims.mapsFrom), graph.value(one, aims.mapsTo)) for one in mappings(path)]
    assert [pair for pair, count in Counter(ends).items() if count > 1] == []
    namespace = f"https://w3id.org/aimsgraph/crosswalk/{path.stem}/"
    assert [one for one in mappings(path) if not str(one).startswith(namespace) or "--" not in one] == []


@EACH
def test_both_ends_of_a_line_exist(path: Path) -> None:
    graph = everything()
    ends = {graph.value(one, aims[end]) for one in mappings(path) for end in ("mapsFrom", "mapsTo")}
    assert [end for end in ends if (end, SKOS.prefLabel, None) not in graph] == []
    assert [end for end in ends if (end, SKOS.inScheme, None) not in graph] == []


@EACH
def test_plain_skos_says_the_same(path: Path) -> None:
    graph = graph_of(path)
    said = {(start, relation, end) for relation in MATCHES for start, end in graph.subject_objects(relation)}
    assert {triple(graph, one) for one in mappings(path)} == said


def test_no_two_relations_of_one_pair_contradict_each_other() -> None:
    graph = everything()
    found: dict[frozenset[object], set[object]] = {}
    for path in CROSSWALKS:
        for one in mappings(path):
            start, relation, end = triple(graph, one)
            found.setdefault(frozenset((start, end)), set()).add(relation)
    assert len(found) > 250
    assert {pair: relations for pair, relations in found.items() if len(relations) > 1} == {}


def test_iso_42001_has_at_least_250_mappings() -> None:
    starts = [str(graph_of(path).value(one, aims.mapsFrom)) for path in CROSSWALKS for one in mappings(path)]
    assert sum(start.startswith(ISO42001) for start in starts) >= 250


@EACH
def test_the_table_is_what_the_turtle_gives(path: Path) -> None:
    table = path.with_suffix(".sssom.tsv")
    assert table.read_bytes() == sssom(path).encode(), "write it anew with: just sssom"


@EACH
def test_the_table_reads_back_as_the_lines(path: Path) -> None:
    graph = graph_of(path)
    text = path.with_suffix(".sssom.tsv").read_text(encoding="utf-8").splitlines()
    front = yaml.safe_load("\n".join(line[1:] for line in text if line.startswith("#")))
    rows = list(csv.DictReader((line for line in text if not line.startswith("#")), delimiter="\t"))
    known = front["curie_map"]

    def iri(curie: str) -> URIRef:
        prefix, _, name = curie.partition(":")
        return URIRef(known[prefix] + name)

    assert tuple(rows[0]) == COLUMNS
    assert {(iri(row["subject_id"]), iri(row["predicate_id"]), iri(row["object_id"])) for row in rows} == {
        triple(graph, one) for one in mappings(path)
    }
    assert {"mapping_set_id", "mapping_set_version", "license", "mapping_provider"} <= set(front)
    assert [row for row in rows if not row["subject_label"] or not row["object_label"]] == []


def test_a_crosswalk_of_ones_own_becomes_a_table_too(tmp_path: Path) -> None:
    path = tmp_path / "rules.ttl"
    path.write_text(OWN, encoding="utf-8")
    assert write_all([path]) == [tmp_path / "rules.sssom.tsv"]
    assert (tmp_path / "rules.sssom.tsv").read_text(encoding="utf-8") == (
        "#curie_map:\n"
        "#  iso42001: https://w3id.org/aimsgraph/iso42001/\n"
        "#  rule: https://example.org/rules/\n"
        "#  semapv: https://w3id.org/semapv/vocab/\n"
        "#  skos: http://www.w3.org/2004/02/skos/core#\n"
        "#mapping_set_id: https://example.org/rules.sssom.tsv\n"
        "#mapping_set_version: '2'\n"
        "#mapping_set_title: Our rules\n"
        "#license: https://creativecommons.org/licenses/by/4.0/\n"
        "#mapping_provider: https://example.org/rules/\n"
        "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tconfidence\tsee_also\tcomment\n"
        'iso42001:A.7.4\tQuality of data\tskos:narrowMatch\trule:12\t"Rule ""twelve"""\t'
        "semapv:ManualMappingCuration\t0.8\thttps://example.org/rules\tComplete records are good data.\n"
        'iso42001:A.10.3\tSuppliers\tskos:relatedMatch\trule:12\t"Rule ""twelve"""\tsemapv:ManualMappingCuration\t0.4\t'
        '\t"Suppliers\tkeep it."\n'
    )


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ("<urn:a> <urn:b>", SyntaxProblemError, "rules.ttl"),
        (OWN.replace("a aims:Mapping", "a aims:Policy"), InputNotReadableError, "aims:Mapping"),
        (OWN.replace("a owl:Ontology", "a owl:Thing"), InputNotReadableError, "owl:Ontology"),
        (OWN.replace("rule:12 ;", "<urn:rule:12> ;"), InputNotReadableError, "no prefix for <urn:rule:12>"),
    ],
)
def test_a_file_that_is_no_crosswalk_is_refused_with_the_reason(
    text: str, error: type[Exception], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.ttl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=re.escape(told)):
        sssom(path)
    assert main([str(path)]) == 1
    assert told in capsys.readouterr().err


def test_no_prefix_of_the_program_stands_for_two_namespaces() -> None:
    clashes = [
        (one, other) for one, other in itertools.combinations(PREFIXES, 2) if PREFIXES[one] == PREFIXES[other]
    ]
    assert clashes == []
