"""The exported tables say what the graph says, and are written whole or not at all."""

from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from aimsgraph.errors import MissingExtraError, OutputNotWritableError, StoreUnusableError
from aimsgraph.export import SCHEMA_VERSION, TABLES, export_parquet
from aimsgraph.export.block import Block
from aimsgraph.store import memory_view
from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.memory import memory_view_of
from aimsgraph.store.terms import from_rdflib_term, quad_of
from aimsgraph.trace import project
from aimsgraph.trace.projection import BASES
from aimsgraph.vocab import XSD, compact
from tests.conftest import ROOT
from tests.property.test_reach_laws import EX, GRAPH, TODAY, VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aimsgraph.store import View

AIMS = "https://w3id.org/aimsgraph/ns#"
ORGANISATION = """
aims:Model rdfs:subClassOf aims:Thing . aims:ModelVersion rdfs:subClassOf aims:Model .
ex:data a aims:Dataset ; rdfs:label "Bureau extract"@en ; aims:inArea ex:area-b , ex:area-a ; aims:leak 0.25 .
ex:model a aims:Model , aims:ModelVersion ; aims:dependsOn ex:data ; aims:gate aims:AndGate .
ex:system aims:dependsOn ex:model ; aims:affectsParty ex:people ; aims:gate aims:AtLeastGate ; aims:gateThreshold 2 .
ex:system aims:qualifiedDependency
  [ aims:on ex:model ; aims:transmission 0.4 ; aims:dependencyValidUntil "2025-12-31"^^xsd:date ] ,
  [ aims:on ex:model ; aims:transmission 0.2 ; aims:dependencyValidFrom "2026-01-01"^^xsd:date ] ,
  [ aims:on ex:supplier ] .
ex:control aims:guards ex:data . ex:four-eyes aims:guards ex:data .
"""


def exported(view: View, folder: Path, **words: Any) -> dict[str, list[dict[str, Any]]]:
    answer = export_parquet(view, folder, today=TODAY, **words)
    tables = {table.name: pq.read_table(table.path) for table in answer.tables}
    assert [table.rows for table in answer.tables] == [len(table) for table in tables.values()]
    return {name: table.to_pylist() for name, table in tables.items()}


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    return exported(memory_view(VOCABULARY + ORGANISATION, graph="urn:g"), tmp_path / "out")


def test_a_dependency_runs_in_the_direction_of_impact_with_all_that_qualifies_it(tables: Any):
    plain = {"valid_from": None, "valid_until": None, "holds": True, "stated": True, "guards": []}
    depends = {
        "property": AIMS + "dependsOn",
        "direction": "object-to-subject",
        "flow": AIMS + "Use",
        "transmission": 0.7,
        "basis": "default",
    }
    used = {**plain, **depends, "source": EX + "model", "target": EX + "system", "basis": "assessed"}
    expected = [
        {
            **plain, "source": EX + "system", "target": EX + "people", "property": AIMS + "affectsParty",
            "direction": "subject-to-object", "flow": AIMS + "Effect", "transmission": None, "basis": "unknown",
        },
        {
            **plain, **depends, "source": EX + "data", "target": EX + "model",
            "guards": [EX + "control", EX + "four-eyes"],
        },
        {**used, "transmission": 0.4, "valid_until": date(2025, 12, 31), "holds": False},
        {**used, "transmission": 0.2, "valid_from": date(2026, 1, 1)},
        {**plain, **depends, "source": EX + "supplier", "target": EX + "system", "stated": False},
    ]  # fmt: skip
    assert sorted(tables["edges"], key=str) == sorted(
        ({column.name: row[column.name] for column in TABLES["edges"]} for row in expected), key=str
    )


def test_a_node_has_its_classes_label_areas_graphs_gate_and_leak(tables: Any):
    nodes = {row["iri"]: row for row in tables["nodes"]}
    assert len(nodes) == len(tables["nodes"])
    assert nodes[EX + "data"] == {
        "iri": EX + "data", "type": "aims:Dataset", "types": [AIMS + "Dataset"], "label": "Bureau extract",
        "areas": [EX + "area-a", EX + "area-b"], "graphs": ["urn:g"], "gate": None, "gate_threshold": None,
        "leak": 0.25,
    }  # fmt: skip
    model, system = nodes[EX + "model"], nodes[EX + "system"]
    assert (model["type"], model["types"]) == ("aims:ModelVersion", [AIMS + "Model", AIMS + "ModelVersion"])
    assert (model["gate"], model["gate_threshold"]) == ("all", None)
    assert (system["gate"], system["gate_threshold"], system["label"]) == ("at-least", 2, "system")


def test_every_end_of_an_edge_is_a_node(tables: Any):
    ends = {row[end] for row in tables["edges"] for end in ("source", "target")}
    assert EX + "people" in ends
    assert ends <= {row["iri"] for row in tables["nodes"]}


def test_a_file_says_from_which_state_it_is(tmp_path: Path):
    view = memory_view(VOCABULARY + ORGANISATION)
    export_parquet(view, tmp_path / "out", today=TODAY)
    for name in TABLES:
        told = pq.read_schema(tmp_path / "out" / f"{name}.parquet").metadata
        assert told[b"aimsgraph.table"].decode() == name
        assert told[b"aimsgraph.snapshot"].decode() == view.snapshot
        assert told[b"aimsgraph.date"] == b"2026-09-30"
        assert told[b"aimsgraph.schema_version"] == str(SCHEMA_VERSION).encode()
        assert told[b"aimsgraph.version"]


def test_the_columns_are_those_of_the_schema(tmp_path: Path):
    export_parquet(memory_view(VOCABULARY), tmp_path / "out", today=TODAY)
    for name, columns in TABLES.items():
        schema = pq.read_schema(tmp_path / "out" / f"{name}.parquet")
        assert schema.names == [column.name for column in columns]
        assert [field.nullable for field in schema] == [column.nullable for column in columns]
        assert [pa.types.is_dictionary(field.type) for field in schema] == [
            column.kind == "word" for column in columns
        ]


def test_the_documented_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    page = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    export_parquet(memory_view(VOCABULARY + ORGANISATION), tmp_path / "tables", today=TODAY)
    monkeypatch.chdir(tmp_path)
    exec(code, {})  # noqa: S102 - it is our own page
    printed = capsys.readouterr().out.split("\n")
    assert [line.split() for line in printed[1:4]] == [["model", "1"], ["supplier", "1"], ["system", "1"]]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.one_of(
    TEXT.map(Literal),
    st.builds(lambda text, tag: Literal(text, lang=tag), TEXT, st.sampled_from(["en", "en-gb", "de"])),
    st.integers(-(10**30), 10**30).map(lambda number: Literal(str(number), datatype=URIRef(f"{XSD}integer"))),
    st.sampled_from(["2026-01-01Z", "2026-06-01+02:00", "no date"]).map(
        lambda text: Literal(text, datatype=URIRef(f"{XSD}date"), normalize=False)
    ),
    st.sampled_from([URIRef("urn:a"), URIRef("urn:ü/𝄞")]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    triples=st.sets(
        st.tuples(st.sampled_from(["urn:a", "urn:b"]), st.sampled_from(["urn:p", "urn:q"]), VALUES)
    )
)
def test_the_statements_read_back_are_the_graph(
    tmp_path_factory: pytest.TempPathFactory, triples: set[tuple[str, str, Any]]
) -> None:
    view = memory_view_of([quad_of(s, p, value) for s, p, value in triples], graph="urn:g")
    rows = exported(view, tmp_path_factory.mktemp("export") / "out")["statements"]
    assert {row["graph"] for row in rows} <= {"urn:g"}
    read = Graph()
    for row in rows:
        read.add((URIRef(row["subject"]), URIRef(row["predicate"]), _term(row)))
    assert {tuple(map(from_rdflib_term, triple)) for triple in read} == {
        tuple(map(from_rdflib_term, triple)) for triple in view.to_rdflib()
    }
    assert len(rows) == view.count()


def _term(row: dict[str, Any]) -> URIRef | Literal:
    if row["datatype"] is None:
        return URIRef(row["object"])
    if row["language"]:
        return Literal(row["object"], lang=row["language"])
    return Literal(row["object"], datatype=URIRef(row["datatype"]), normalize=False)


@settings(max_examples=100, deadline=None)
@given(text=GRAPH)
def test_the_edges_that_hold_are_those_that_impact_walks(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    view = memory_view(text)
    folder = tmp_path_factory.mktemp("export") / "out"
    rows = exported(view, folder, statements=False)["edges"]
    merged: dict[tuple[str, str, str, bool], list[dict[str, Any]]] = {}
    for row in rows:
        if row["holds"]:
            merged.setdefault((row["source"], row["target"], row["property"], row["stated"]), []).append(row)
    found = Counter(
        (*key[:2], compact(key[2]), *_chance(same), tuple(same[0]["guards"])) for key, same in merged.items()
    )
    whole = project(view, today=TODAY)
    guards = {
        whole.ids[node]: tuple(whole.controls[number] for number in numbers)
        for node, numbers in whole.guards.items()
    }
    expected = Counter(
        (
            whole.ids[a],
            whole.ids[b],
            whole.properties[kind],
            chance,
            BASES[basis],
            guards.get(whole.ids[a], ()),
        )
        for a, b, kind, chance, basis in zip(
            whole.source.tolist(),
            whole.target.tolist(),
            whole.kind.tolist(),
            whole.transmission.tolist(),
            whole.basis.tolist(),
            strict=True,
        )
    )
    assert found == expected


def _chance(rows: list[dict[str, Any]]) -> tuple[float, str]:
    assessed = [row["transmission"] for row in rows if row["basis"] == "assessed"]
    if assessed:
        return max(assessed), "assessed"
    return (1.0 if rows[0]["transmission"] is None else rows[0]["transmission"]), rows[0]["basis"]


@pytest.mark.parametrize("page", [1, 2, 3, 7])
def test_pages_of_any_size_give_the_same_tables(tmp_path: Path, page: int):
    view = memory_view(VOCABULARY + ORGANISATION)
    whole, paged = exported(view, tmp_path / "a"), exported(view, tmp_path / "b", page=page)
    for name, rows in whole.items():
        assert sorted(map(str, paged[name])) == sorted(map(str, rows)), name


class Cut(EmbeddedView):
    """A server that cuts its answers short without a word, as some do."""

    def rows(self, query: str, bindings: Any = None) -> Iterator[Any]:
        return iter(list(super().rows(query, bindings))[:8])


def test_an_answer_that_is_cut_short_is_noticed_and_pages_help():
    view = memory_view(VOCABULARY + ORGANISATION)
    cut = Block(Cut(view.store, view.snapshot), "?s ?p ?o", "?s ?p ?o FILTER(isIRI(?o))")
    with pytest.raises(StoreUnusableError, match="gave 8 rows where it had counted") as raised:
        list(cut.rows())
    assert "--page" in str(raised.value)
    assert len(list(cut.rows(page=8))) == len(list(Block(view, cut.select, cut.pattern).rows()))


def test_what_stands_there_is_left_alone(tmp_path: Path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputNotWritableError, match="already"):
        export_parquet(memory_view(VOCABULARY), tmp_path / "out", today=TODAY)
    assert (tmp_path / "out").read_text() == "mine"


def test_an_export_that_fails_leaves_nothing(tmp_path: Path):
    view = memory_view(VOCABULARY + ORGANISATION)
    with pytest.raises(StoreUnusableError, match="changed while it was read"):
        export_parquet(view, tmp_path / "out", today=TODAY, newest=lambda: "sha256:other")
    with pytest.raises(StoreUnusableError, match="counted"):
        export_parquet(Cut(view.store, view.snapshot), tmp_path / "out", today=TODAY)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_a_place_that_is_none_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputNotWritableError, match="could not be written"):
        export_parquet(memory_view(VOCABULARY), tmp_path / "file" / "out", today=TODAY)


def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtraError, match=r"aimsgraph\[parquet\]"):
        export_parquet(memory_view(VOCABULARY), tmp_path / "out", today=TODAY)
    assert list(tmp_path.iterdir()) == []
