"""What a server is tried with for reading; nothing is written, and no data is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.store.endpoint import JSON, N_TRIPLES, TSV, form_of, reason, said
from aimsgraph.store.probe import Refused
from aimsgraph.store.remote import GRAPHS
from aimsgraph.store.sample import SAMPLE, SAMPLE_ROWS
from aimsgraph.store.whole import many_rows
from aimsgraph.vocab import HISTORY_GRAPH

if TYPE_CHECKING:
    from aimsgraph.model.capabilities import Outcome
    from aimsgraph.store.probe import Tried, Try

#: More rows than the limit that a server is known to have without being asked.
_MANY: Final = 12_000
_NOTHING: Final = "urn:aimsgraph:nothing"


def _answers(tried: Tried) -> tuple[Outcome, str]:
    if not tried.holds("") or tried.holds(f"<{_NOTHING}> <{_NOTHING}> ?o"):
        raise Refused("it says no where the answer is yes, or yes where it is no")
    return "yes", ""


def _tables(tried: Tried) -> tuple[Outcome, str]:
    exact = {}
    for form in (TSV, JSON):
        try:
            exact[form] = sorted(tried.rows(SAMPLE, form), key=len) == SAMPLE_ROWS
        except Exception as error:  # noqa: BLE001 - whatever an engine answers here is no table
            exact[form] = False
            said_of_it = str(error)
    if exact[TSV]:
        tried.tables = TSV
        return "yes", "TSV and JSON" if exact[JSON] else "TSV"
    if exact[JSON]:
        return "worked around", "TSV does not keep terms as they are: JSON is read instead"
    raise Refused(f"neither TSV nor JSON keeps terms as they are ({said_of_it})")


def _triples(tried: Tried) -> tuple[Outcome, str]:
    query = "CONSTRUCT { <urn:a> <urn:b> ?c } WHERE { VALUES ?c { <urn:c> } }"
    form, text = tried.triples(query)
    if "urn:c" not in text:
        raise Refused("a CONSTRUCT over given values gives nothing")
    return (
        ("yes", "N-Triples") if form == N_TRIPLES else ("worked around", "Turtle, which is read as a whole")
    )


def _whole(tried: Tried) -> tuple[Outcome, str]:
    found = len(tried.rows(many_rows(_MANY)))
    if found != _MANY:
        raise Refused(f"{found:,} of {_MANY:,} rows come, without a word")
    return "yes", f"{_MANY:,} rows"


def _graphs(tried: Tried) -> tuple[Outcome, str]:
    rows = tried.rows(GRAPHS)
    return "yes", f"{len(rows)} named graph{'' if len(rows) == 1 else 's'}"


def _default_graph(tried: Tried) -> tuple[Outcome, str]:
    view = tried.view()
    if view.restricted:
        return "worked around", f"{len(view.restricted)} named graphs are read as one in its place"
    if not view.ask("ASK { ?s ?p ?o }"):
        return "not asked", "it holds nothing yet"
    return "yes", f"{view.count():,} triples"


def _dataset(tried: Tried) -> tuple[Outcome, str]:
    if not tried.holds("?s ?p ?o") and not tried.holds("GRAPH ?g { ?s ?p ?o }"):
        return "not asked", "it holds nothing yet"
    if tried.holds("?s ?p ?o", [("default-graph-uri", _NOTHING)]):
        raise Refused("default-graph-uri makes no difference")
    return "yes", ""


def _unbound_paths(tried: Tried) -> tuple[Outcome, str]:
    tried.holds(f"?a (<{_NOTHING}>|^<{_NOTHING}>)+ ?b . ?c <{_NOTHING}>* ?a")
    return "yes", ""


def _direct(tried: Tried) -> tuple[Outcome, str]:
    try:
        with tried.session.post(
            tried.endpoint.address,
            data=b"ASK {}",
            headers={"Content-Type": "application/sparql-query", "Accept": JSON},
            timeout=(5, 5),
            allow_redirects=False,
        ) as response:
            if form_of(response) == JSON:
                return "yes", ""
            raise Refused(f"status {response.status_code}: {said(response)}")
    except OSError as error:  # the root of what requests raises
        raise Refused(reason(error)) from error  # type: ignore[arg-type]


def _history(tried: Tried) -> tuple[Outcome, str]:
    if not tried.holds(f"GRAPH <{HISTORY_GRAPH}> {{ ?s ?p ?o }}"):
        return "no", "no changesets of ours"
    return "yes", tried.view().snapshot


READING: Final[dict[str, Try]] = {
    "answers": _answers,
    "tables": _tables,
    "triples": _triples,
    "whole-answers": _whole,
    "named-graphs": _graphs,
    "default-graph": _default_graph,
    "dataset": _dataset,
    "unbound-paths": _unbound_paths,
    "direct-post": _direct,
    "history": _history,
}
