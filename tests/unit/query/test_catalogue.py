from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aimsgraph.errors import QueryInvalidError, QueryNotFoundError
from aimsgraph.model.question import Parameter
from aimsgraph.query import catalogue, find
from aimsgraph.query.catalogue import load

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
#+ id: my-risks
#+ title: My risks
#+ question: Which risks are mine?
#+ persona: auditor
#+ area: ai-governance
#+ params:
#+   owner: {type: iri, example: "ex:owner/ada", description: the owner}
#+   day:
#+     type: date
#+     default: today
#+     description: the day
#+ columns:
#+   risk: the risk
#+   label: its name
#+ order: [label, -risk]
#+ since: 0.1.0

SELECT ?risk (STR(?name) AS ?label) WHERE {
  ?risk aims:ownedBy ?owner ; rdfs:label ?name ; aims:dueOn ?due . FILTER(?due < ?day)
}
ORDER BY ?label DESC(?risk) LIMIT 5
"""


TYPES = "iri, string, integer, decimal, date, boolean"
DAY = "a day such as 2026-09-30 (or today) is wanted"
CUT = "expected the node content, but found '<stream end>'"


def faults(folder: Path, text: str, name: str = "my-risks.rq") -> list[tuple[str, int | None]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [(problem.message, problem.line) for problem in load(path, folder)[1]]


def test_a_question_is_read_with_all_that_its_header_says(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "my-risks.rq").write_text(GOOD, encoding="utf-8")
    saved = find("my-risks", [tmp_path])
    assert (saved.title, saved.personas, saved.area) == ("My risks", ("auditor",), "ai-governance")
    assert saved.params == (
        Parameter(name="owner", type="iri", description="the owner", example="ex:owner/ada"),
        Parameter(name="day", type="date", description="the day", default="today"),
    )
    assert [(column.name, column.meaning) for column in saved.columns] == [
        ("risk", "the risk"),
        ("label", "its name"),
    ]
    assert saved.order == ("label", "-risk")
    assert (saved.kind, saved.topic, saved.path) == ("SELECT", "mine", "mine/my-risks.rq")
    assert saved.text == GOOD
    assert find("my RISKS", [tmp_path]) == saved


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("#+ title: My risks\n", "", ("title is missing", 1)),
        ("#+ title: My risks", "#+ titel: My risks", ("unknown key titel (did you mean title?)", 2)),
        ("my-risks\n", "other\n", ("the id must be the name of the file, my-risks, in small letters and dashes", 1)),
        ("persona: auditor", "persona: boss", ("boss is no persona: risk-analyst, auditor, architect", 4)),
        ("#+   label: its name\n", "", ("column label is not described", 13)),
        ("#+   label: its name", "#+   label: x\n#+   nick: x", ("column nick is not projected by the query", 15)),
        ("#+ order: [label, -risk]\n", "", ("order is missing: the columns that the rows are sorted by", 1)),
        (
            "[label, -risk]",
            "[label, risk]",
            ("order says label, risk, but the query sorts by label, -risk", 15),
        ),
        ("ORDER BY ?label DESC(?risk)", "", ("order says label, -risk, but the query sorts by nothing", 15)),
        (
            "ORDER BY ?label",
            "ORDER BY STRLEN(?label)",
            ("order says label, -risk, but the query sorts by something else than plain columns", 15),
        ),
        (
            "#+   owner: {type: iri,",
            "#+   boss: {type: iri, example: aims:x, description: x}\n#+   owner: {type: iri,",
            ("parameter boss is not used: the query has no ?boss", 7),
        ),
        ("type: iri", "type: node", ("parameter owner: node is no type: " + TYPES, 7)),
        ("type: iri", "kind: iri", ("parameter owner: unknown key kind", 7)),
        ("default: today", "default: soon", ("parameter day: default 'soon': " + DAY, 9)),
        ("#+     description: the day\n", "", ("parameter day: description is missing", 9)),
        ("?risk (STR(?name) AS ?label)", "*", ("SELECT * is not for saved questions: name the columns", 13)),
        ("#+ since: 0.1.0", "#+ since: 0.1.0\n#+ since: 0.1.0", ("since is given twice", 17)),
        ("#+ since: 0.1.0", "#+ since: [", ("the header is not YAML: " + CUT, 16)),
    ],
)  # fmt: skip
def test_a_fault_of_the_header_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, fault: tuple[str, int]
) -> None:
    assert old in GOOD
    assert fault in faults(tmp_path, GOOD.replace(old, new, 1))


def test_an_unknown_area_lists_the_ten(tmp_path: Path) -> None:
    ((message, line),) = faults(tmp_path, GOOD.replace("area: ai-governance", "area: ai"))
    assert line == 5
    assert message.startswith("ai is no control area: ")
    assert message.count(",") == 9


def test_a_fault_of_the_query_is_told_with_its_line_in_the_file(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD.replace("rdfs:label", "rdfz:label")) == [
        ("the prefix rdfz: is not known", 19)
    ]
    ((message, _),) = faults(
        tmp_path, GOOD.replace("?risk aims", "SERVICE <http://127.0.0.1/> {} ?risk aims")
    )
    assert "SERVICE" in message


def test_the_header_must_be_there_and_in_one_piece(tmp_path: Path) -> None:
    assert faults(tmp_path, "SELECT ?a { ?a ?b ?c }")[0] == (
        "there is no header: lines that begin with #+",
        1,
    )
    assert "stand together" in faults(tmp_path, GOOD.replace("#+ area", "\n#+ area"))[0][0]
    assert "stand together" in faults(tmp_path, "ASK { ?a ?b ?c }\n#+ id: x")[0][0]
    assert faults(tmp_path, "#+ x\nASK { ?a ?b ?c }")[0][0] == "the header must be a list of key: value lines"


def test_all_faults_of_all_files_come_at_once_and_an_id_may_be_used_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for folder in (tmp_path, tmp_path / "a"):
        (folder / "my-risks.rq").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.rq").write_text("ASK {", encoding="utf-8")
    with pytest.raises(QueryInvalidError) as caught:
        catalogue([tmp_path])
    messages = [problem.message for problem in caught.value.problems]
    assert len(messages) == 3
    assert any("taken already by" in message for message in messages)


def test_an_unknown_name_offers_close_ones() -> None:
    with pytest.raises(QueryNotFoundError, match="Did you mean risks-above-appetite"):
        find("risk-above-apetite")
    with pytest.raises(QueryNotFoundError, match=r"nearest names are [a-z-]+, [a-z-]+, [a-z-]+\. List all"):
        find("stocks")
    with pytest.raises(QueryNotFoundError, match=r"'qqqq'\. List all \d+ with: aimsgraph query$"):
        find("qqqq")


def test_the_catalogue_is_sorted_by_id() -> None:
    ids = list(catalogue())
    assert ids == sorted(ids)
    assert len(ids) >= 51
