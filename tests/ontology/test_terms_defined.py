"""Every term of ours that a file uses is defined; one that is not is told with its place and the closest name."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from aimsgraph import resources
from aimsgraph.errors import InputNotReadableError
from aimsgraph.reference.terms import Terms, collect, main

ROOT = resources.folder("ontology").parent
NS = "https://w3id.org/aimsgraph/"


@pytest.fixture(scope="module")
def ours() -> Terms:
    return collect(ROOT)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("ontology", "shapes", "queries", "mappings"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("evidence"))
    return tmp_path


def rename(root: Path, old: str, new: str, files: str = "ontology/**/*.ttl") -> str:
    """Rename a term in the files; return the file and line of its definition."""
    where = ""
    for path in sorted(root.glob(files)):
        text = path.read_text(encoding="utf-8")
        text = re.sub(rf"(?<![\w:]){re.escape(old)}(?![\w\-]|\.\w)", new, text)
        path.write_text(text, encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            if line.startswith(f"{new} a "):
                where = f"{path.relative_to(root).as_posix()}:{number}"
    assert where
    return where


def add(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def told(root: Path, name: str) -> list[str]:
    """Return what is told of one file."""
    return [fault for fault in collect(root).faults() if fault.startswith(f"{name}:")]


def test_every_term_used_is_defined(ours: Terms) -> None:
    assert ours.faults() == []


def test_the_gate_has_seen_many_terms_in_every_folder(ours: Terms) -> None:
    folders = Counter(use.source.name.partition("/")[0] for use in ours.used)
    assert len(ours.defined) > 1500
    assert len({use.iri for use in ours.used}) > 1500
    assert folders["ontology"] > 10_000
    assert folders["examples"] > 6_000
    assert folders["shapes"] > 2_000
    assert folders["queries"] > 400
    assert folders["mappings"] > 150
    if (ROOT / "src").is_dir():
        assert folders["src"] > 180


def test_every_namespace_of_ours_has_definitions_and_uses(ours: Terms) -> None:
    def namespaces(iris: set[str]) -> Counter[str]:
        return Counter(re.split("[#/]", iri.removeprefix(NS))[0] for iri in iris)

    wanted = {
        "area", "crosswalk", "document", "eu-ai-act", "iso23894", "iso27001", "iso42001", "iso42005",
        "nist-ai-600-1", "nist-ai-rmf", "ns", "ontology", "shape",
    }  # fmt: skip
    assert wanted <= set(namespaces(set(ours.defined)))
    assert wanted <= set(namespaces({use.iri for use in ours.used}))


def test_a_renamed_property_is_told_with_the_query_that_uses_it_and_its_new_name(copy: Path) -> None:
    where = rename(copy, "aims:riskFamily", "aims:familyOfRisk")
    query = "queries/risk/mine.rq"
    add(
        copy,
        query,
        "#+ id: mine\n\nSELECT ?risk WHERE {\n  ?risk a aims:Risk ; aims:riskFamily ?family .\n}\n",
    )
    assert told(copy, query) == [
        f"{query}:4:23: aims:riskFamily is used but nothing defines it ({NS}ns#riskFamily). "
        f"Did you mean aims:familyOfRisk, defined in {where}?"
    ]


def test_every_file_that_writes_a_renamed_property_is_told(copy: Path) -> None:
    rename(copy, "aims:riskFamily", "aims:familyOfRisk")
    faults = collect(copy).faults()
    assert {" aims:riskFamily is used " in fault for fault in faults} == {True}
    written = {
        path.relative_to(copy).as_posix()
        for path in copy.rglob("*")
        if path.suffix in (".ttl", ".rq", ".json", ".md")
        and re.search(r"(?<!# )aims:riskFamily\b", path.read_text(encoding="utf-8"))
    }
    assert {fault.partition(":")[0] for fault in faults} == written
    assert {name.partition("/")[0] for name in written} >= {"examples", "mappings", "queries", "shapes"}


def test_an_entry_of_a_framework_is_told_with_the_header_parameter_that_names_it(copy: Path) -> None:
    where = rename(copy, "iso42001:A.6.2.4", "iso42001:A.6.2.44")
    query = "queries/governance/mine.rq"
    header = '#+ id: mine\n#+ params:\n#+   from: {type: iri, example: "iso42001:A.6.2.4", description: an entry}\n'
    add(copy, query, f"{header}\nSELECT ?entry WHERE {{ ?entry skos:broader ?from }}\n")
    assert told(copy, query) == [
        f"{query}:3:34: iso42001:A.6.2.4 is used but nothing defines it ({NS}iso42001/A.6.2.4). "
        f"Did you mean iso42001:A.6.2.44, defined in {where}?"
    ]


def test_a_class_is_told_with_the_sparql_inside_a_shape_that_asks_for_it(copy: Path) -> None:
    where = rename(copy, "aims:ImpactAssessment", "aims:AssessmentOfImpact")
    shape = "shapes/governance/mine.ttl"
    add(copy, shape, '''@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/aimsgraph/shape/> .

shape:Mine a sh:NodeShape ;
    sh:sparql [
        sh:prefixes shape: ;
        sh:select """
            SELECT $this WHERE {
                ?one a aims:ImpactAssessment
            }""" ;
    ] .
''')  # fmt: skip
    assert told(copy, shape) == [
        f"{shape}:9:24: aims:ImpactAssessment is used but nothing defines it ({NS}ns#ImpactAssessment). "
        f"Did you mean aims:AssessmentOfImpact, defined in {where}?"
    ]


def test_a_class_is_told_with_the_shape_whose_target_it_is(copy: Path) -> None:
    where = rename(copy, "aims:AISystem", "aims:AISystems")
    shape = "shapes/governance/mine.ttl"
    add(copy, shape, """@prefix ours: <https://w3id.org/aimsgraph/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/aimsgraph/shape/> .

shape:Mine a sh:NodeShape ;
    sh:targetClass ours:AISystem .
""")  # fmt: skip
    assert told(copy, shape) == [
        f"{shape}:6:20: ours:AISystem is used but nothing defines it ({NS}ns#AISystem). "
        f"Did you mean ours:AISystems, defined in {where}?"
    ]


def test_a_shape_is_told_with_the_shape_that_leads_to_it(copy: Path) -> None:
    where = rename(copy, "shape:MetaTerm-label", "shape:MetaTerm-label", "shapes/meta.ttl")
    add(copy, "shapes/mine.ttl", "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix shape: <https://w3id.org/aimsgraph/shape/> .\n"
        "shape:Mine a sh:NodeShape ;\n    sh:property shape:MetaTerm-labels , shape:Zqxj .\n")  # fmt: skip
    assert told(copy, "shapes/mine.ttl") == [
        f"shapes/mine.ttl:4:17: shape:MetaTerm-labels is used but nothing defines it ({NS}shape/MetaTerm-labels). "
        f"Did you mean shape:MetaTerm-label, defined in {where}?",
        f"shapes/mine.ttl:4:41: shape:Zqxj is used but nothing defines it ({NS}shape/Zqxj). "
        "Define it in shapes/, or use one that is there.",
    ]


def test_a_renamed_kind_of_document_is_told_with_the_example_that_has_one(copy: Path) -> None:
    where = rename(copy, "document:ai-policy", "document:policy-on-ai")
    add(copy, "examples/mine.ttl", """@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix document: <https://w3id.org/aimsgraph/document/> .
@prefix ex: <https://example.org/mine/> .

ex:policy a aims:Document ; aims:documentType document:ai-policy .
""")  # fmt: skip
    assert told(copy, "examples/mine.ttl") == [
        "examples/mine.ttl:5:47: document:ai-policy is used but nothing defines it "
        f"({NS}document/ai-policy). Did you mean document:policy-on-ai, defined in {where}?"
    ]


def test_a_table_beside_the_example_is_read_too(copy: Path) -> None:
    add(copy, "examples/mine.csv", f"id,type\n1,aims:Rissk\n2,{NS}ns#Rissk\n3,aims:Risk\n")
    rest = f"aims:Rissk is used but nothing defines it ({NS}ns#Rissk). Did you mean aims:Risk, defined in "
    faults = told(copy, "examples/mine.csv")
    assert [re.sub(r"ontology/risk.ttl:\d+\?$", "", fault) for fault in faults] == [
        f"examples/mine.csv:2:3: {rest}",
        f"examples/mine.csv:3:3: {rest}",
    ]


def test_a_renamed_entry_is_told_with_the_crosswalk_that_maps_it(copy: Path) -> None:
    where = rename(copy, "iso42001:A.6.2.4", "iso42001:A.6.2.44", "ontology/iso42001.ttl")
    crosswalk = "ontology/crosswalks/eu-ai-act.ttl"
    lines = (copy / crosswalk).read_text(encoding="utf-8").splitlines()
    writing = re.compile(r"(?<!:)iso42001:A\.6\.2\.4(?![\d.-])")
    places = [
        (number, match.start() + 1)
        for number, line in enumerate(lines, start=1)
        for match in writing.finditer(line)
    ]
    assert len(places) > 5
    assert told(copy, crosswalk) == [
        f"{crosswalk}:{line}:{column}: iso42001:A.6.2.4 is used but nothing defines it "
        f"({NS}iso42001/A.6.2.4). Did you mean iso42001:A.6.2.44, defined in {where}?"
        for line, column in places
    ]


def test_a_renamed_property_is_told_with_the_rule_that_reads_it(copy: Path) -> None:
    where = rename(copy, "aims:readAs", "aims:isReadAs")
    rule = "ontology/rules/mine.rq"
    add(
        copy,
        rule,
        "PREFIX our: <https://w3id.org/aimsgraph/ns#>\nCONSTRUCT { ?a a ?c } WHERE { ?b our:readAs* ?c }\n",
    )
    assert told(copy, rule) == [
        f"{rule}:2:34: our:readAs is used but nothing defines it ({NS}ns#readAs). "
        f"Did you mean our:isReadAs, defined in {where}?"
    ]
    assert told(copy, "ontology/rules/own-class.rq") == []
    assert told(copy, "ontology/rules/name-kind.rq")


def test_a_renamed_value_is_told_with_the_mapping_that_writes_it(copy: Path) -> None:
    where = rename(copy, "aims:BiasAndFairness", "aims:FairnessAndBias")
    faults = told(copy, "mappings/csv/risk-register.json")
    assert len(faults) > 3
    assert all(f"Did you mean aims:FairnessAndBias, defined in {where}?" in fault for fault in faults)


def test_the_words_of_a_mapping_are_terms_nowhere_else(copy: Path) -> None:
    add(copy, "mappings/mine.json", '{"aims:extract": "(a)", "propertyUrl": "aims:extracts"}')
    add(copy, "queries/risk/mine.rq", "ASK { ?a aims:extract ?b }")
    assert [fault.split(" is ")[0] for fault in told(copy, "mappings/mine.json")] == [
        "mappings/mine.json:1:41: aims:extracts"
    ]
    assert [fault.split(" is ")[0] for fault in told(copy, "queries/risk/mine.rq")] == [
        "queries/risk/mine.rq:1:10: aims:extract"
    ]


PROGRAM = """'''aims:inDocstring'''
from aimsgraph.vocab import AIMS, ISO42001
aims: Final = Namespace(AIMS)
A = "aims:inString"
B = AIMS + "afterPlus"
C = f"é <{AIMS}inBraces> <{AIMS}{name}> <{AIMS}part{name}> <{ISO42001}A.99>"
D = "é", aims.asAttribute, aims.Risk, "aims:Risk", AIMS + name
E = "https://w3id.org/aimsgraph/ns#whole", "https://w3id.org/aimsgraph/graph/any", "https://w3id.org/aimsgraph/ns#"
"""


def test_the_program_is_read_in_each_form_that_it_writes_terms_in(copy: Path) -> None:
    add(copy, "src/mine.py", PROGRAM)
    add(copy, "api/mine.py", "def f(aims):\n    return aims.unbound, 'area:nowhere'\n")
    assert [fault.split(" is ")[0] for fault in told(copy, "src/mine.py")] == [
        "src/mine.py:4:6: aims:inString",
        "src/mine.py:8:6: aims:whole",
        "src/mine.py:5:13: aims:afterPlus",
        "src/mine.py:6:16: aims:inBraces",
        "src/mine.py:6:71: iso42001:A.99",
        "src/mine.py:7:10: aims:asAttribute",
    ]
    assert [fault.split(" is ")[0] for fault in told(copy, "api/mine.py")] == [
        "api/mine.py:2:27: area:nowhere"
    ]


def test_to_say_something_of_a_term_does_not_define_it(copy: Path) -> None:
    add(copy, "ontology/alignments/mine.ttl", """@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
aims:Rissk owl:equivalentClass <https://example.org/Risk> , [ a owl:Class ] .
""")  # fmt: skip
    (fault,) = told(copy, "ontology/alignments/mine.ttl")
    assert fault.startswith("ontology/alignments/mine.ttl:3:1: aims:Rissk is used but nothing defines it ")


def test_a_version_is_known_by_its_ontology_and_a_clause_is_not_taken_for_one(copy: Path) -> None:
    add(copy, "queries/mine.rq", f"DESCRIBE <{NS}ns/1.2.3> <{NS}nss/1.2.3> <{NS}iso42001/9.8.7>")
    assert [fault.split(" is ")[0] for fault in told(copy, "queries/mine.rq")] == [
        f"queries/mine.rq:1:48: {NS}nss/1.2.3",
        "queries/mine.rq:1:87: iso42001:9.8.7",
    ]


def test_a_file_that_has_no_tokens_is_told_before_all_that_hangs_on_it(copy: Path) -> None:
    path = copy / "ontology" / "risk.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "\naims:x a `y` .\n", encoding="utf-8")
    line = len(path.read_text(encoding="utf-8").splitlines())
    add(copy, "queries/mine.rq", "ASK { ?a ~ ?b }")
    assert collect(copy).faults() == [
        f"ontology/risk.ttl:{line}:10: this is not Turtle: unexpected character '`'.",
        "queries/mine.rq:1:10: this is not SPARQL: unexpected character '~'.",
    ]


def test_a_program_that_is_no_python_is_told(copy: Path) -> None:
    add(copy, "src/mine.py", "a = 1\ndef f(:\n")
    assert collect(copy).faults() == ["src/mine.py:2: this is not Python: invalid syntax."]


def test_a_folder_without_an_ontology_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputNotReadableError, match="has no folder ontology"):
        collect(tmp_path)
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"{tmp_path} has no folder ontology. Name the root of a checkout.\n"


def test_the_command_says_nothing_of_this_installation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_command_says_each_fault_on_a_line_and_fails(copy: Path) -> None:
    add(copy, "queries/mine.rq", "ASK { ?a aims:ownedBy ?b ; aims:qqqq ?c ; aims:zzzz ?d }")
    done = subprocess.run(
        [sys.executable, "-m", "aimsgraph.reference.terms", str(copy)],
        capture_output=True,
        text=True,
        check=False,
    )
    rest = "Define it in ontology/, or use one that is there."
    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        f"queries/mine.rq:1:28: aims:qqqq is used but nothing defines it ({NS}ns#qqqq). {rest}",
        f"queries/mine.rq:1:43: aims:zzzz is used but nothing defines it ({NS}ns#zzzz). {rest}",
    ]


def test_a_term_with_quite_another_name_is_told_with_that_name(copy: Path) -> None:
    """Nothing outside the ontology uses a renamed term yet, and that tells which one is meant."""
    for path in (copy / "ontology").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        if "aims:ownedBy" in text:
            path.write_text(text.replace("aims:ownedBy", "aims:answerableParty"), encoding="utf-8")
    faults = [fault for fault in collect(copy).faults() if fault.startswith("queries/")]
    meant = "Did you mean aims:answerableParty, defined in ontology/core.ttl:"
    assert len(faults) > 5
    assert [fault for fault in faults if meant not in fault] == []
