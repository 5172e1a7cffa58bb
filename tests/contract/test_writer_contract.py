"""Whatever holds the store, the same writes leave the same changesets, the same content and the same proof."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import pytest

from aimsgraph import store
from aimsgraph.errors import StoreExistsError, StoreMovedError, StoreUnusableError, UsageError
from aimsgraph.store import Change, remote_commit
from aimsgraph.store.archive import archive_of
from aimsgraph.store.profile import profiles
from aimsgraph.vocab import AIMS, GRAPH, HISTORY_GRAPH, INFERRED_GRAPH, PROV, RDF, XSD
from tests.conftest import ROOT
from tests.contract.writers import PLACES, REFUSED, Places
from tests.unit.store.conftest import EX, G1, G2, NOW, quad

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aimsgraph.model.changeset import Changeset
    from aimsgraph.store import Place, Writer

WHO: Final[dict[str, Any]] = {"author": "ada", "message": "because", "now": NOW}
#: Text and datatype (or language) of literals that engines are known to change.
AWKWARD: Final = {
    "a time zone": ("2026-03-03T12:00:00+05:30", "dateTime"),
    "no time zone": ("2026-03-03T12:00:00", "dateTime"),
    "midnight in UTC": ("2026-03-03T00:00:00Z", "dateTime"),
    "parts of a second": ("2026-03-03T12:00:00.123456Z", "dateTime"),
    "a date": ("2026-03-03", "date"),
    "a date with a time zone": ("2026-03-03+01:00", "date"),
    "a time": ("12:30:00", "time"),
    "a trailing zero": ("1.50", "decimal"),
    "a leading zero": ("007", "integer"),
    "thirty digits": ("123456789012345678901234567890", "integer"),
    "a long decimal": ("0.123456789012345678", "decimal"),
    "no negative": ("7", "nonNegativeInteger"),
    "a double": ("1e3", "double"),
    "not a number": ("NaN", "double"),
    "a boolean": ("1", "boolean"),
    "a duration": ("P1Y2M3DT4H5M6S", "duration"),
    "days": ("PT36H", "dayTimeDuration"),
    "months": ("P14M", "yearMonthDuration"),
    "an address": ("https://example.org/a b", "anyURI"),
    "bytes": ("0fb7", "hexBinary"),
    "a year": ("2026", "gYear"),
    "a region": ("colour", "@en-GB"),
    "a script": ("文本", "@zh-Hant"),
    "beyond the plane": ("\U0001f600 \U00020000", "string"),
    "quotes and lines": ('a "b"\n\tc\\d\r\n', "string"),
    "nothing": ("", "string"),
    "a combining accent": ("e\u0301", "string"),
    "control characters": ("\x01\x7f\x85", "string"),
    "a datatype of nobody": ("x", "http://example.org/type"),
}
#: Vocabulary and data from which a rule draws a conclusion.
READ: Final = """
@prefix aims: <https://w3id.org/aimsgraph/ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix o: <https://example.org/other#> .
aims:Model a owl:Class . o:Net a owl:Class ; aims:readAs aims:Model . o:Deep rdfs:subClassOf o:Net .
<https://example.org/m> a o:Deep ; rdfs:label "M" . <https://example.org/n> a o:Net , aims:Model .
"""


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    """The servers of this module."""
    found = Places()
    yield found
    found.close()


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, places: Places, tmp_path: Path) -> Place:
    """An empty store in each kind of place."""
    if reason := REFUSED.get(request.param, {}).get(request.node.callspec.params.get("name")):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True, raises=StoreUnusableError))
    where = places.empty(request.param, tmp_path)
    store.create(where, now=NOW)
    return where


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """An empty embedded store to compare with."""
    path = tmp_path / "reference.store"
    store.create(path, now=NOW)
    return path


@pytest.fixture(params=["in one update", "staged"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a server's writer take each of its two ways."""
    if request.param == "staged":
        monkeypatch.setattr(remote_commit, "INLINE", 0)


def literal(text: str, kind: str) -> ox.Literal:
    if kind.startswith("@"):
        return ox.Literal(text, language=kind[1:])
    return ox.Literal(text, datatype=ox.NamedNode(kind if ":" in kind else XSD + kind))


def with_literals(place: Place) -> list[ox.Quad]:
    node = ox.NamedNode
    unkept = REFUSED.get(place.profile or "", {}) if isinstance(place, store.Endpoint) else {}
    values = [literal(*value) for name, value in AWKWARD.items() if name not in unkept]
    return [ox.Quad(node(f"{EX}{number}"), node(EX + "p"), value) for number, value in enumerate(values)]


def union(where: Place) -> list[tuple[str, ...]]:
    rows = store.open_place(where).rows("SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o }")
    return sorted(tuple(row[name].n3() for name in "spo") for row in rows)


def names(where: Place) -> list[str]:
    return [" ".join(triple).replace(EX, "") for triple in union(where)]


def log(where: Place) -> list[Changeset]:
    return store.changesets(store.open_place(where))


def play(where: Place, literals: list[ox.Quad]) -> None:
    with store.open_writer(where) as writer:
        for write in writes(literals):
            write(writer)


def writes(literals: list[ox.Quad]) -> list[Callable[[Writer], object]]:
    """A bit of everything."""
    return [
        lambda writer: writer.replace(
            G1, [quad("a", "p", "b"), quad("a", "p", "c")], source="x.ttl", source_sha256="ab" * 32, **WHO
        ),
        lambda writer: writer.apply([quad("a", "p", "b"), quad("x", "p", 7)], graph=G2, **WHO),
        lambda writer: writer.replace(G1, literals, **WHO),
        lambda writer: writer.replace(G1, literals[3:], **WHO),
        lambda writer: writer.apply([quad("t", "p", "u", EX + "own")], literals[5:9], graph=G1, **WHO),
        lambda writer: writer.replace(G2, ox.parse(READ, ox.RdfFormat.TURTLE), **WHO),
        lambda writer: writer.replace(G2, [], **WHO),
        lambda writer: writer.commit(
            [
                Change(G1, "ada", "out", [], (), True),
                Change(G2, "bob", "in", [quad("a", "p", "b")], (), True, "y.ttl", "cd" * 32),
                Change(G2, "bob", "again", [quad("a", "p", "b")], (), True),
                Change(G2, "ada", "out again", [], [quad("a", "p", "b")]),
                Change(G1, "ada", "back", [quad("a", "p", "b")]),
            ],
            now=NOW,
        ),
    ]


@pytest.mark.usefixtures("size")
def test_the_same_writes_leave_the_same_changesets_patches_and_content(place: Place, reference: Path):
    literals = with_literals(place)
    play(reference, literals)
    play(place, literals)
    here, there = archive_of(reference), archive_of(place)
    known = log(reference)
    assert len(known) > len(writes(literals))
    assert log(place) == known
    for changeset in known:
        assert there.patch(changeset.number) == here.patch(changeset.number)
    assert union(place) == union(reference)
    assert store.open_place(place).graphs() == store.open_place(reference).graphs()
    for older, newer in (("1", "head"), ("head", "2"), ("0", "3")):
        assert store.difference(place, older, newer) == store.difference(reference, older, newer)
    assert store.verify(place) == store.verify(reference)
    assert store.verify(place).first_difference is None


@pytest.mark.usefixtures("size")
def test_the_store_is_what_its_history_says_after_each_write(place: Place):
    with store.open_writer(place) as writer:
        assert writer.head == store.verify(place).head
        for write in writes(with_literals(place)):
            write(writer)
            if not isinstance(place, Path):
                verification = store.verify(place)
                assert verification.first_difference is None
                assert verification.head == writer.head
    assert store.verify(place).first_difference is None


def test_what_follows_by_a_rule_is_a_changeset_more_and_goes_with_its_ground(place: Place):
    with store.open_writer(place) as writer:
        writer.replace(G1, ox.parse(READ, ox.RdfFormat.TURTLE), **WHO)
        assert f"<m> <{RDF}type> <{AIMS}Model>" in names(place)
        assert INFERRED_GRAPH in writer.view().graphs()
        writer.replace(G1, [quad("a", "p", "b")], **WHO)
        assert names(place) == ["<a> <p> <b>"]
    assert [changeset.graph for changeset in log(place)] == [G1, INFERRED_GRAPH] * 2


def test_the_union_keeps_what_another_source_still_says(place: Place):
    with store.open_writer(place) as writer:
        writer.replace(G1, [quad("a", "p", "b")], **WHO)
        writer.replace(G2, [quad("a", "p", "b")], **WHO)
        writer.replace(G1, [], **WHO)
        assert names(place) == ["<a> <p> <b>"]
        writer.replace(G2, [], **WHO)
        assert names(place) == []
        assert writer.view().graphs() == [HISTORY_GRAPH]


@pytest.mark.parametrize("name", AWKWARD)
def test_a_literal_is_written_once_and_taken_away_again(place: Place, name: str):
    value = ox.Quad(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "p"), literal(*AWKWARD[name]))
    with store.open_writer(place) as writer:
        assert writer.replace(G1, [value], **WHO) is not None
        assert writer.replace(G1, [value], **WHO) is None
        assert writer.apply([value], graph=G1, **WHO) is None
        if not isinstance(place, Path):
            assert store.verify(place).first_difference is None
        made = writer.apply([], [value], graph=G1, **WHO)
        assert (made and made.removed) == 1
        assert names(place) == []
    assert store.verify(place).first_difference is None


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in REFUSED.items() for name in names]
)
def test_what_a_server_would_not_keep_is_refused_and_nothing_is_written(
    kind: str, name: str, places: Places, tmp_path: Path
):
    where = places.empty(kind, tmp_path)
    store.create(where, now=NOW)
    value = ox.Quad(ox.NamedNode(EX + "a"), ox.NamedNode(EX + "p"), literal(*AWKWARD[name]))
    with store.open_writer(where) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        with pytest.raises(StoreUnusableError):
            writer.replace(G1, [value], **WHO)
        assert len(log(where)) == 1
        assert store.verify(where).first_difference is None
        assert writer.apply([quad("c", "p", "d")], graph=G1, **WHO) is not None


def test_the_documented_table_of_refused_literals_is_what_is_tested():
    page = (ROOT / "docs" / "servers.md").read_text(encoding="utf-8")
    _, _, rest = page.partition("| literal | written | server | why it is refused |\n")
    rows = rest.partition("\n\n")[0].splitlines()[1:]
    expected = []
    for server, names in REFUSED.items():
        for name, why in names.items():
            text, kind = AWKWARD[name]
            expected.append(
                f'| {name} | `"{text}"^^xsd:{kind}` | {profiles()[server].name.split()[-1]} | {why} |'
            )
    assert rows == expected


def test_a_graph_that_cannot_be_read_back_is_not_written(places: Places, tmp_path: Path):
    where = places.empty("virtuoso", tmp_path)
    store.create(where, now=NOW)
    with store.open_writer(where) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        with pytest.raises(StoreUnusableError, match="has 12000 triples, and 10001 came"):
            writer.apply([quad(f"s{number}", "p", "o") for number in range(12_000)], graph=G1, **WHO)
        assert names(where) == ["<a> <p> <b>"]
        assert writer.apply([quad("c", "p", "d")], graph=G1, **WHO) is not None
    assert store.verify(where).first_difference is None


def test_writing_the_same_again_changes_nothing(place: Place):
    quads = [quad("a", "p", "b"), quad("a", "p", 1)]
    with store.open_writer(place) as writer:
        assert writer.replace(G1, quads, **WHO) is not None
        head = writer.head
        assert writer.replace(G1, quads, **WHO) is None
        assert writer.apply(quads, graph=G1, **WHO) is None
        assert writer.apply([], [quad("z", "p", "b")], graph=G1, **WHO) is None
        assert writer.head == head == store.open_place(place).snapshot


def test_what_fails_in_the_middle_leaves_no_trace(place: Place):
    class WrongError(Exception):
        pass

    def failing() -> Any:
        yield quad("x", "p", "y")
        raise WrongError

    with store.open_writer(place) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        changes = [Change(G1, "ada", "fine", [quad("c", "p", "d")]), Change(G2, "ada", "bad", failing())]
        with pytest.raises(WrongError):
            writer.commit(changes, now=NOW)
        assert names(place) == ["<a> <p> <b>"]
        assert writer.apply([quad("e", "p", "f")], graph=G1, **WHO).number == 2  # type: ignore[union-attr]
    assert store.verify(place).intact


def test_a_write_upon_another_head_is_refused(place: Place):
    with store.open_writer(place) as writer:
        before = writer.head
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
        with pytest.raises(StoreMovedError, match="meanwhile"):
            writer.apply([quad("c", "p", "d")], graph=G1, expected=before, **WHO)
        assert writer.apply([quad("e", "p", "f")], graph=G1, expected=writer.head, **WHO) is not None
    assert len(log(place)) == 2


def test_blank_nodes_the_history_and_a_closed_writer_are_refused(place: Place):
    blank = ox.Quad(ox.BlankNode(), ox.NamedNode(EX + "p"), ox.NamedNode(EX + "b"))
    with store.open_writer(place) as writer:
        with pytest.raises(UsageError, match="blank node"):
            writer.apply([blank], graph=G1, **WHO)
        with pytest.raises(UsageError, match="history"):
            writer.apply([quad("a", "p", "b")], graph=HISTORY_GRAPH, **WHO)
    with pytest.raises(UsageError, match="closed"):
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    assert log(place) == []


def test_the_history_is_seen_by_graph_only(place: Place):
    with store.open_writer(place) as writer:
        writer.apply([quad("a", "p", "b")], graph=G1, **WHO)
    view = store.open_place(place)
    pattern = f"{{ ?c a <{PROV}Activity> }}"
    assert not view.ask(f"ASK {pattern}")
    assert view.ask(f"ASK {{ GRAPH <{HISTORY_GRAPH}> {pattern} }}")
    assert view.count() == 1


def test_a_second_store_at_the_same_place_is_refused(place: Place):
    with pytest.raises(StoreExistsError):
        store.create(place, now=NOW)


@pytest.mark.parametrize("kind", PLACES)
def test_a_store_remembers_where_its_evidence_lies(kind: str, places: Places, tmp_path: Path):
    where = places.empty(kind, tmp_path)
    store.create(where, now=NOW, evidence_root=tmp_path / "evidence")
    assert store.evidence_root(where) == tmp_path / "evidence"
    assert store.manifest(where).created == NOW


def test_its_states_can_be_played_again(place: Place):
    with store.open_writer(place) as writer:
        writer.replace(G1, [quad("a", "p", "b")], **WHO)
        writer.replace(G1, [quad("a", "p", "c")], **WHO)
    seen = []
    for step in store.steps(place):
        changed = step.play()
        seen.append((step.view.count(), len(changed)))
    assert seen == [(1, 1), (1, 2)]
    assert store.newest_patch(place) == 2
    number, statements = store.news(place, 1)
    assert (number, len(statements)) == (2, 2)


@pytest.mark.parametrize("altered", ["a value", "the union", "a patch", "a record", "the last record"])
def test_what_is_altered_past_the_writer_is_found(place: Place, altered: str):
    if isinstance(place, Path):
        pytest.skip("tests/unit/store/test_comparison.py has it for folders")
    remote = isinstance(place, store.Endpoint)
    if altered == "the union" and remote and place.kind().default_graph == "union":
        pytest.skip("it makes its union by itself, so that nobody can alter that")
    play(place, with_literals(place))
    subject, last = f"<{GRAPH}changeset/2>", f"<{GRAPH}changeset/{len(log(place))}>"
    value = f"<{EX}a> <{EX}p> <{EX}z>"
    beside = "" if remote and place.kind().default_graph else value
    text = {
        "a value": f"INSERT DATA {{ GRAPH <{G1}> {{ {value} }} {beside} }}",
        "the union": f"DELETE DATA {{ <{EX}a> <{EX}p> <{EX}b> }}",
        "a patch": f"DELETE WHERE {{ GRAPH <{GRAPH}patches> {{ {subject} ?p ?o }} }}",
        "a record": f'INSERT DATA {{ GRAPH <{HISTORY_GRAPH}> {{ {subject} <{PROV}value> "x" }} }}',
        "the last record": f"DELETE WHERE {{ GRAPH <{HISTORY_GRAPH}> {{ {last} ?p ?o }} }}",
    }[altered]
    if remote:
        with place.session() as session:
            place.send_update(session, text)
    elif altered == "a patch":
        place.patches[1] = place.patches[0]
    else:
        place.store.update(text)
    said = store.verify(place)
    assert not said.intact
    assert said.first_difference
