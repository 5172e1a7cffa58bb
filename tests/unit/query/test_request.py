"""What an update request may say, and where it is told that it may not."""

from __future__ import annotations

import pytest

from aimsgraph.errors import AimsgraphError, QueryInvalidError, QueryRefusedError
from aimsgraph.query.operation import Clear, Create, Modify, Transfer
from aimsgraph.query.request import LONGEST, read_request
from aimsgraph.vocab import (
    EDITS_GRAPH,
    HISTORY_GRAPH,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    SOURCE_GRAPH,
    is_reserved,
)

PREFIX = "PREFIX e: <https://example.org/>\n"
HISTORY = f"<{HISTORY_GRAPH}>"
RESERVED = (
    HISTORY_GRAPH,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    ONTOLOGY_GRAPH + "/alignments/dpv",
    "https://w3id.org/aimsgraph/graph/changeset/1",
    "https://w3id.org/aimsgraph/graph/",
    SOURCE_GRAPH,
)


def problems(text: str, kind: type[AimsgraphError]) -> list[tuple[str, int | None, int | None]]:
    with pytest.raises(kind) as caught:
        read_request(text)
    assert type(caught.value) is kind
    return [(one.message, one.line, one.column) for one in caught.value.problems]


def test_every_kind_of_operation_is_read():
    read = read_request(
        PREFIX + "INSERT DATA { e:a e:b e:c } ; DELETE DATA { GRAPH e:g { e:a e:b e:c } } ;\n"
        "DELETE WHERE { ?s ?p 1 } ; WITH e:g DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } USING e:h USING NAMED e:i "
        "WHERE { ?s ?p 1 } ; CLEAR SILENT ALL ; DROP GRAPH e:g ; CREATE GRAPH e:n ; COPY DEFAULT TO e:n ;\n"
        "BASE <https://example.org/x/> MOVE SILENT GRAPH e:n TO <y> ; "
        "PREFIX f: <https://example.com/> ADD f:a TO DEFAULT ;"
    )
    example = "https://example.org/"
    assert [type(one) for one in read] == [Modify] * 4 + [Clear] * 2 + [Create] + [Transfer] * 3
    changed = read[3]
    assert isinstance(changed, Modify)
    assert changed.home == example + "g"
    assert changed.where is not None
    assert (changed.where.default, changed.where.named) == ((example + "h",), (example + "i",))
    assert [(one.target, one.silent) for one in read if isinstance(one, Clear)] == [
        ("ALL", True),
        (example + "g", False),
    ]
    assert [(one.kind, one.source, one.target, one.silent) for one in read if isinstance(one, Transfer)] == [
        ("COPY", EDITS_GRAPH, example + "n", False),
        ("MOVE", example + "n", example + "x/y", True),
        ("ADD", "https://example.com/a", EDITS_GRAPH, False),
    ]


def test_the_prefixes_of_the_project_need_not_be_declared():
    assert len(read_request("DELETE WHERE { ?s a aims:Risk ; rdfs:label ?label }")) == 1


@pytest.mark.parametrize("graph", RESERVED)
@pytest.mark.parametrize(
    "request_text",
    [
        "INSERT DATA { GRAPH * { e:a e:b e:c } }",
        "DELETE DATA { GRAPH * { e:a e:b e:c } }",
        "DELETE WHERE { GRAPH * { ?s ?p ?o } }",
        "INSERT { e:a e:b e:c . GRAPH * { ?s ?p ?o } } WHERE { ?s ?p ?o }",
        "DELETE { GRAPH * { ?s ?p ?o } } WHERE { ?s ?p ?o }",
        "WITH * DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "WITH * INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CLEAR GRAPH *",
        "CLEAR SILENT GRAPH *",
        "DROP SILENT GRAPH *",
        "CREATE SILENT GRAPH *",
        "COPY e:g TO *",
        "MOVE e:g TO *",
        "MOVE * TO e:g",
        "ADD SILENT DEFAULT TO *",
    ],
)
def test_what_the_store_alone_writes_is_refused_in_every_form(request_text: str, graph: str):
    text = PREFIX + request_text.replace("*", f"<{graph}>")
    reason = f"<{graph}> is written by the store alone"
    assert problems(text, QueryRefusedError) == [(reason, 2, request_text.index("*") + 1)]


@pytest.mark.parametrize(
    "spelling",
    [
        f"<{HISTORY_GRAPH[:-1]}\\u0079>",
        "g:history",
        "<history>",
        "<../graph/history>",
    ],
)
def test_a_reserved_graph_is_known_however_it_is_spelt(spelling: str):
    text = (
        "BASE <https://w3id.org/aimsgraph/graph/x> PREFIX g: <https://w3id.org/aimsgraph/graph/>\n"
        f"CLEAR GRAPH {spelling}"
    )
    assert problems(text, QueryRefusedError) == [(f"<{HISTORY_GRAPH}> is written by the store alone", 2, 13)]


def test_sources_and_graphs_of_ones_own_may_be_written():
    for graph in (SOURCE_GRAPH + "a.ttl", EDITS_GRAPH, "https://example.org/g", "urn:g"):
        assert not is_reserved(graph)
        assert len(read_request(f"CLEAR GRAPH <{graph}>")) == 1


def test_what_the_store_alone_writes_may_be_read_and_copied():
    text = f"WITH {HISTORY} INSERT {{ GRAPH <urn:g> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }} ; COPY {HISTORY} TO <urn:h>"
    assert len(read_request(text)) == 2


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("LOAD <https://example.org/x>", "LOAD fetches from elsewhere", 1),
        ("LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:g>", "LOAD fetches from elsewhere", 1),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE ?x { ?s ?p ?o } }", "SERVICE asks another server", 29),
        ("INSERT { ?s ?p ?o } WHERE { service silent <urn:x> { ?s ?p ?o } }", "SERVICE asks another server", 29),
        ("DELETE { ?s ?p ?o } USING <file:///etc/passwd> WHERE { ?s ?p ?o }",
         "USING names graphs of the store, and no file", 27),
        ("DELETE { ?s ?p ?o } USING NAMED <FILE:/x> WHERE { ?s ?p ?o }",
         "USING names graphs of the store, and no file", 33),
        ("INSERT { ?s ?p ?o } FROM <file:///x> WHERE { ?s ?p ?o }", "FROM belongs to queries", 21),
    ],
)  # fmt: skip
def test_what_asks_somebody_else_is_refused_with_its_place(text: str, reason: str, column: int):
    assert problems("\n\n" + text, QueryRefusedError) == [(reason, 3, column)]


def test_all_operations_at_fault_are_told():
    text = (
        f"CLEAR GRAPH {HISTORY} ;\n"
        "INSERT DATA { ?s <urn:p> 1 } ;\n"
        "INSERT DATA { <urn:a> <urn:p> 1 } ;\n"
        "  LOAD <urn:x> ;\n"
        "DELETE { ?s ?p } WHERE { ?s ?p ?o } ;\n"
        "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o ?q }"
    )
    assert problems(text, QueryRefusedError) == [
        (f"<{HISTORY_GRAPH}> is written by the store alone", 1, 13),
        ("data name what they mean, without variables", 2, 15),
        ("LOAD fetches from elsewhere", 4, 3),
        (". is not a valid RDF object", 5, 16),
        ("this does not fit here", 6, 41),
    ]


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("INSERT DATA {\n<urn:a> <urn:b> <urn:c>", "this { is never closed", 1, 13),
        ("INSERT DATA { } }", "nothing is open that this } would close", 1, 17),
        ("DROP ALL ;; DROP ALL", "there is no operation in front of this ;", 1, 11),
        ("DROP ALL\nDROP ALL", "a ; is missing in front of 'DROP', or it does not belong here", 2, 1),
        ("SELECT * WHERE { }", "'SELECT' stands where an operation should", 1, 1),
        ("INSERT { }", "the operation ends where WHERE should", 1, 11),
        ("CLEAR <urn:g>", "'<urn:g>' stands where GRAPH <…>, DEFAULT, NAMED or ALL should", 1, 7),
        ("CREATE GRAPH", "nothing stands where the IRI of a graph should", 1, 13),
        ("CREATE GRAPH <g>", "<g> is no absolute IRI", 1, 14),
        ("CLEAR GRAPH x:g", "the prefix x: is not known", 1, 13),
        ("DELETE DATA { _:b <urn:p> 1 }", "what is removed must be named, and a blank node has no name", 1, 15),
        ("DELETE WHERE { ?s <urn:p> [] }", "what is removed must be named, and a blank node has no name", 1, 27),
        ("DELETE { ?s <urn:p> (1) } WHERE { ?s <urn:p> ?o }", "what is removed cannot be written as a list", 1, 21),
        ("INSERT { GRAPH _:g { ?s ?p 1 } } WHERE { ?s ?p 1 }", "GRAPH is followed by an IRI or a variable", 1, 16),
        ("INSERT DATA { GRAPH <urn:g> { GRAPH <urn:h> { } } }",
         "a graph in braces needs GRAPH in front, and has no other in it", 1, 45),
        ("INSERT DATA { <urn:g> { } }", "a graph in braces needs GRAPH in front, and has no other in it", 1, 23),
        ("INSERT DATA { @base <urn:x> . }", "a language stands behind a string", 1, 15),
        ("INSERT DATA { OPTIONAL { } }", "'OPTIONAL' does not fit here", 1, 15),
        ("INSERT { } WHERE { INSERT DATA { } }", "'INSERT' does not fit inside WHERE { … }", 1, 20),
        ("INSERT DATA { _:b <urn:p> 1 } ; INSERT DATA { _:b <urn:p> 2 }",
         "_:b is a node of an earlier operation, which this one cannot mean", 1, 47),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(text: str, reason: str, line: int, column: int):
    assert problems(text, QueryInvalidError) == [(reason, line, column)]


def test_a_request_may_do_nothing():
    assert read_request("# nothing\n") == []
    assert read_request("PREFIX e: <urn:e:>") == []


def test_a_text_beyond_measure_is_refused():
    assert "characters" in problems("#" * (LONGEST + 1), QueryRefusedError)[0][0]
