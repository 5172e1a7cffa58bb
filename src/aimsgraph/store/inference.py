"""What follows, by rules, from what the sources say; computed anew from them after every write.

A rule is a SPARQL CONSTRUCT in ``ontology/rules``. Its pattern asks for terms of others (or for what an organisation
put below our terms), and it concludes with terms of ours. So no rule builds on what a rule concluded, one pass is
enough, and the result depends on the sources alone, whatever was inferred before.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import yaml

from aimsgraph import resources
from aimsgraph.errors import AimsgraphError, InferenceFailedError
from aimsgraph.store.change import Change
from aimsgraph.store.facts import BELOW, StoreFacts
from aimsgraph.vocab import AIMS, DCTERMS, INFERRED_GRAPH, PROV, RDFS, RULE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aimsgraph.store.facts import Facts

_AUTHOR: Final = "aimsgraph"
_SOURCE: Final = "ontology/rules"
_INFERRED: Final = ox.NamedNode(INFERRED_GRAPH)
_READ: Final = (ox.NamedNode(AIMS + "readAs"), ox.NamedNode(AIMS + "readInverseAs"))


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


@contextmanager
def following(written: str) -> Iterator[None]:
    """Have an error in the ``with`` block told as what it is: ``written``, the newest changeset, stands.

    :raises InferenceFailedError: in the place of any other error.
    """
    try:
        yield
    except Exception as error:
        reason = error.message if isinstance(error, AimsgraphError) else f"{type(error).__name__}: {error}"
        raise InferenceFailedError(
            f"The write stands (its newest changeset is {written}), but what follows from it by inference could not "
            f"be written: {reason}",
            hint="Do not repeat it: the next write makes up for what follows.",
        ) from error


def inference(store: ox.Store | Facts) -> Change | None:
    """Return the change that brings the inferred graph up to date with all others.

    None when there is nothing to infer and nothing was.
    """
    facts = _facts(store)
    drawn = conclusions(facts)
    if not drawn and not facts.infers():
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


def conclusions(store: ox.Store | Facts) -> list[tuple[Rule, list[ox.Triple]]]:
    """Apply each rule, and return what it concludes that no source says; empty when no rule can apply."""
    facts = _facts(store)
    if not _foreign(facts):
        return []
    drawn = [(rule, facts.unsaid(dict.fromkeys(facts.concluded(rule.query)))) for rule in rules()]
    return drawn if any(triples for _, triples in drawn) else []


def _facts(store: ox.Store | Facts) -> Facts:
    return StoreFacts(store) if isinstance(store, ox.Store) else store


def _foreign(facts: Facts) -> bool:
    """Say whether any term occurs that a rule asks for: a few look-ups, where the rules read the whole graph."""
    read = {subject for term in _READ for subject, _ in facts.pairs(term)}
    own = {
        lower
        for below in BELOW[:2]
        for lower, upper in facts.pairs(below)
        if _ours(upper) and not _ours(lower)
    }
    asked = {ox.NamedNode(rule.asks) for rule in rules() if rule.asks is not None}
    seen: set[ox.NamedNode] = set()
    waiting = _of_others(read | own | asked)
    while waiting:
        if facts.any_used(waiting):
            return True
        seen |= waiting
        waiting = _of_others(facts.below(waiting)) - seen
    return False


def _of_others(terms: Iterable[object]) -> set[ox.NamedNode]:
    return {term for term in terms if isinstance(term, ox.NamedNode) and not _ours(term)}


def _ours(term: object) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(AIMS)


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
