"""What follows, by rules, from what the sources say; computed anew from them after every write.

A rule is a SPARQL CONSTRUCT in ``ontology/rules``. Its pattern asks for terms of others (or for what an organisation
put below our terms), and it concludes with terms of ours. So no rule builds on what a rule concluded, one pass is
enough, and the result depends on the sources alone, whatever was inferred before.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import yaml

from aimsgraph import resources
from aimsgraph.store.change import Change
from aimsgraph.vocab import (
    AIMS,
    DCTERMS,
    HISTORY_GRAPH,
    INFERRED_GRAPH,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    RULE,
    SKOS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_AUTHOR: Final = "aimsgraph"
_SOURCE: Final = "ontology/rules"
_INFERRED: Final = ox.NamedNode(INFERRED_GRAPH)
#: Graphs whose triples are not statements of any source: the union, what was inferred, the history.
_UNSAID: Final = frozenset({ox.DefaultGraph(), _INFERRED, ox.NamedNode(HISTORY_GRAPH)})
_TYPE: Final = ox.NamedNode(RDF + "type")
_READ: Final = (ox.NamedNode(AIMS + "readAs"), ox.NamedNode(AIMS + "readInverseAs"))
_BELOW: Final = (
    ox.NamedNode(RDFS + "subClassOf"),
    ox.NamedNode(RDFS + "subPropertyOf"),
    ox.NamedNode(SKOS + "broader"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, what it says, why it may, and its query.

    ``asks`` is a term that its pattern asks for beside those that ours are read from.
    """

    id: str
    title: str
    why: str
    query: str
    asks: str | None = None

    @property
    def iri(self) -> str:
        """The IRI that stands for the rule in the inferred graph."""
        return RULE + self.id


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules of this installation, by their names."""
    found = [_rule(path.read_text(encoding="utf-8")) for path in resources.files("ontology", "rules/*.rq")]
    return tuple(sorted(found, key=lambda rule: rule.id))


def inference(store: ox.Store) -> Change | None:
    """Return the change that brings the inferred graph up to date with all others.

    None when there is nothing to infer and nothing was.
    """
    drawn = conclusions(store)
    if not drawn and next(store.quads_for_pattern(None, None, None, _INFERRED), None) is None:
        return None
    applied = [(rule, triples) for rule, triples in drawn if triples]
    told = ", ".join(f"{rule.id} ({len(triples)})" for rule, triples in applied)
    return Change(
        graph=INFERRED_GRAPH,
        author=_AUTHOR,
        message=f"Infer by {told}" if told else "Infer nothing: no rule applies any more",
        added=list(_quads(applied)),
        replace=True,
        source=_SOURCE,
        source_sha256=_digest(),
    )


def conclusions(store: ox.Store) -> list[tuple[Rule, list[ox.Triple]]]:
    """Apply each rule, and return what it concludes that no source says; empty when no rule can apply."""
    if not _foreign(store):
        return []
    drawn: list[tuple[Rule, list[ox.Triple]]] = []
    for rule in rules():
        found = dict.fromkeys(store.query(rule.query, prefixes=PREFIXES))  # type: ignore[arg-type]
        drawn.append((rule, [triple for triple in found if not _said(store, triple)]))
    return drawn if any(triples for _, triples in drawn) else []


def _foreign(store: ox.Store) -> bool:
    """Say whether any term occurs that a rule asks for: a few look-ups, where the rules read the whole graph."""
    read = {quad.subject for term in _READ for quad in store.quads_for_pattern(None, term, None)}
    own = {
        quad.subject
        for below in _BELOW[:2]
        for quad in store.quads_for_pattern(None, below, None)
        if _ours(quad.object) and not _ours(quad.subject)
    }
    asked = {ox.NamedNode(rule.asks) for rule in rules() if rule.asks is not None}
    return any(_used(store, term) for term in _with_below(store, read | own | asked))


def _with_below(store: ox.Store, terms: Iterable[object]) -> Iterator[ox.NamedNode]:
    seen: set[object] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop()
        if term in seen or not isinstance(term, ox.NamedNode) or _ours(term):
            continue
        seen.add(term)
        yield term
        for below in _BELOW:
            waiting.extend(quad.subject for quad in store.quads_for_pattern(None, below, term))


def _used(store: ox.Store, term: ox.NamedNode) -> bool:
    members = store.quads_for_pattern(None, _TYPE, term)
    return (
        next(members, None) is not None or next(store.quads_for_pattern(None, term, None), None) is not None
    )


def _ours(term: object) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(AIMS)


def _said(store: ox.Store, triple: ox.Triple) -> bool:
    found = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(quad.graph_name not in _UNSAID for quad in found)


def _quads(applied: list[tuple[Rule, list[ox.Triple]]]) -> Iterator[ox.Quad]:
    made_by, label = ox.NamedNode(PROV + "wasGeneratedBy"), ox.NamedNode(RDFS + "label")
    reason = ox.NamedNode(DCTERMS + "description")
    for rule, triples in applied:
        node = ox.NamedNode(rule.iri)
        yield ox.Quad(_INFERRED, made_by, node, _INFERRED)
        yield ox.Quad(node, label, ox.Literal(rule.title, language="en"), _INFERRED)
        yield ox.Quad(node, reason, ox.Literal(rule.why, language="en"), _INFERRED)
        for triple in triples:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, _INFERRED)


@cache
def _digest() -> str:
    return hashlib.sha256("".join(rule.query for rule in rules()).encode()).hexdigest()


def _rule(text: str) -> Rule:
    header = "\n".join(line[2:] for line in text.splitlines() if line.startswith("#+"))
    fields: dict[str, str] = yaml.safe_load(header)
    return Rule(fields["id"], fields["title"], fields["why"].strip(), text, fields.get("asks"))
