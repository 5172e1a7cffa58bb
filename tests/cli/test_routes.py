"""Commands about the shape of what depends on what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

TWO = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/meridian/> .
ex:second a aims:AISystem ; rdfs:label "Second" ; aims:usesModel ex:model ; aims:dependsOn ex:system .
ex:system aims:dependsOn ex:second .
"""


@pytest.fixture
def joined(small: Shell) -> Shell:
    """The small graph, with a second system that rests on the same model, in a circle with the first."""
    small.write("two.ttl", TWO)
    small.ok("load", "two.ttl")
    return small


def test_paths_tells_each_way_and_what_else_there_is(joined: Shell) -> None:
    told = joined.ok("paths", "Raw data", "System")
    assert "2 ways from Raw data to System" in told
    assert "Raw data → Clean data → Model → System" in told
    assert "There are more ways than these." in joined.ok("paths", "Raw data", "System", "--most", "1")
    assert "name them the other way round" in joined.ok("paths", "System", "Raw data").replace("\n", " ")
    answer = json.loads(joined.ok("paths", "Raw data", "System", "--json"))
    assert set(answer) == {
        "source", "target", "paths", "nodes", "backwards", "completeness", "snapshot", "date", "filters",
    }  # fmt: skip
    assert [path["hops"] for path in answer["paths"]] == [3, 4]


def test_common_tells_what_is_shared_and_by_how_many(joined: Shell) -> None:
    told = joined.ok("common", "System", "Second")
    assert "System and Second" in told
    answer = json.loads(joined.ok("common", "--of", "aims:AISystem", "--type", "aims:Dataset", "--json"))
    assert [(node["label"], len(node["sources"])) for node in answer["nodes"]] == [
        ("Clean data", 2),
        ("Raw data", 2),
    ]
    assert set(answer) == {
        "sources", "of", "least", "nodes", "left_out", "sources_left_out", "completeness", "snapshot", "date",
        "filters",
    }  # fmt: skip
    assert "nothing upstream in common" in joined.ok("common", "Raw data", "Check")
    assert "1 node of aims:Control has nothing upstream" in joined.ok("common", "--of", "aims:Control")


def test_cycles_tells_a_way_round(joined: Shell) -> None:
    assert "Second → System → Second" in joined.ok("cycles")
    answer = json.loads(joined.ok("cycles", "--json"))
    assert set(answer) == {"cycles", "completeness", "snapshot", "date", "filters"}
    assert "Nothing depends on itself" in joined.ok("cycles", "--along", "derivation")


def test_weak_points_tells_what_is_cut_off_without_them(joined: Shell) -> None:
    told = joined.ok("weak-points", "System")
    assert "everything" in told
    answer = json.loads(joined.ok("weak-points", "--json"))
    assert [(p["label"], p["cut_off"], p["everything"]) for p in answer["nodes"]][:1] == [
        ("Clean data", 2, True)
    ]
    assert set(answer) == {
        "node", "of", "origins", "targets", "nodes", "left_out", "completeness", "snapshot", "date", "filters",
    }  # fmt: skip
    assert "No single node cuts Raw data off" in joined.ok("weak-points", "Raw data")


def test_lineage_is_narrowed_and_says_how_much_was_walked(joined: Shell) -> None:
    told = joined.ok("lineage", "System", "--type", "aims:Dataset")
    assert "comes from 2 nodes" in told
    assert "Walked as well, but not shown: 2 nodes." in told
    answer = json.loads(
        joined.ok("lineage", "System", "--along", "usesModel", "--along", "aims:trainedOn", "--json")
    )
    assert [node["label"] for node in answer["nodes"]] == ["Model", "Clean data"]
    assert answer["filters"] == {
        "along": ["aims:usesModel", "aims:trainedOn"], "types": [], "areas": [], "only_through": False,
    }  # fmt: skip


def test_lineage_says_what_changed(joined: Shell) -> None:
    number = len(json.loads(joined.ok("log", "--json"))["changesets"])
    told = joined.ok("lineage", "System", "--since", str(number - 1))
    assert "came" in told
    assert "Second" in told
    assert "Load two.ttl" in told
    answer = json.loads(joined.ok("lineage", "System", "--since", str(number - 1), "--json"))
    assert set(answer) == {
        "source", "direction", "since", "until", "added", "removed", "moved", "edges_added", "edges_removed",
        "changesets", "completeness", "date", "filters",
    }  # fmt: skip
    assert "no node came, went or moved" in joined.ok("lineage", "Model", "--since", str(number - 1))


@pytest.mark.parametrize(
    "words",
    [
        ("lineage", "System", "--along", "nonsense"),
        ("lineage", "System", "--area", "Model"),
        ("lineage", "System", "--since", "9999"),
        ("paths", "System", "System"),
        ("common", "System"),
        ("common",),
        ("weak-points", "--of", "nonsense"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_paragraph(joined: Shell, words: tuple[str, ...]) -> None:
    done = joined(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
