"""Nodes by the names that people give them: IRI, CURIE or label."""

from __future__ import annotations

import difflib
import heapq
from bisect import bisect_right
from itertools import chain
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef

from aimsgraph.errors import NodeAmbiguousError, NodeNotFoundError, Problem
from aimsgraph.model.node import NodeRef
from aimsgraph.store.portion import is_iri, named, one_of
from aimsgraph.vocab import AIMS, DCTERMS, GENID, PREFIXES, RDF, RDFS, SKOS, compact, expand, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aimsgraph.store.protocol import View

#: What counts as a label, best first.
LABELS: Final = (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title", PREFIXES["foaf"] + "name")
_SHOWN: Final = 5
#: Of a kind with at most so many nodes all are offered where no name is close.
_FEW: Final = 12
#: How many names are compared letter by letter with one that was not found; those sharing most of its trigrams.
_COMPARED: Final = 2000


def resolve(view: View, name: str, *, like: str | None = None) -> NodeRef:
    """Return the node that an IRI (with or without ``<>``), a CURIE, a label or an identifier names.

    Labels are compared whole and without regard to case; where several fit, the exact spelling wins. Classes
    and properties are named by IRI or CURIE only: "model" means someone's model, not the class of all. What
    is no label may be an identifier (``dcterms:identifier``), such as ``eu-ai-act`` for that framework.

    ``like`` is the IRI or CURIE of an example of what is wanted; what is offered instead of an unknown name is
    then of its kind, where some are close, or where none is close and there are few of the kind, all of them.

    :raises NodeNotFoundError: nothing has that name; the hint and ``problems`` list what is offered.
    :raises NodeAmbiguousError: several nodes have that label; hint and ``problems`` list their IRIs.
    """
    wanted = name.strip()
    bare = wanted[1:-1] if wanted.startswith("<") and wanted.endswith(">") else wanted
    for iri in dict.fromkeys(iri for iri in (bare, expand(bare)) if iri is not None and ":" in iri):
        if _stands(view, iri):
            return describe(view, [iri])[iri]
    terms = _vocabulary(view)
    found = [iri for iri in _spelled(view, wanted) if iri not in terms]
    if not found:
        labels = _all_labels(view)
        folded = wanted.casefold()
        found = [iri for iri, texts in labels.items() if any(text.casefold() == folded for text in texts)]
        found = [iri for iri in found if iri not in terms]
        found = found or sorted(iri for iri, text in _identifiers(view) if text.casefold() == folded)
    if not found:
        raise _not_found(view, wanted, labels, like)
    if len(found) > 1:
        raise _ambiguous(view, wanted, sorted(found))
    return describe(view, found)[found[0]]


def describe(view: View, iris: Iterable[str]) -> dict[str, NodeRef]:
    """Return what to call each node: type and label.

    ``type`` is the CURIE of its most specific class, one of aimsgraph's before any other; ``label`` its label
    (English or without language first), or the last part of its IRI. Unknown nodes get both from their IRI.
    """
    wanted = list(dict.fromkeys(iris))
    types, labels = _types(view, wanted), _labels(view, wanted)
    ranks = _Ranks(view)
    return {
        iri: NodeRef(id=iri, type=ranks.best(types.get(iri, [])), label=labels.get(iri) or local_name(iri))
        for iri in wanted
    }


def list_nodes(
    view: View, *, type: str | None = None, limit: int = 100, after: str | None = None
) -> list[NodeRef]:
    """List nodes by IRI: of a class (CURIE or IRI) or its subclasses.

    ``after`` is the IRI after which to start. Without ``type`` whatever has a class or a label is a node.
    """
    ordered = members(view, type)
    first = bisect_right(ordered, after) if after is not None else 0
    shown = ordered[first : first + limit]
    known = describe(view, shown)
    return [known[iri] for iri in shown]


def members(view: View, type: str | None = None) -> list[str]:
    """Return the IRIs of the nodes of a class (CURIE or IRI) or its subclasses, or of all nodes, sorted."""
    if type is None:
        found = {subject for subject, _, _ in view.edges([RDF + "type"])} | set(_all_labels(view))
    else:
        query = "SELECT DISTINCT ?s WHERE { ?c rdfs:subClassOf* ?class . ?s a ?c }"
        name = type.strip("<>")
        iri = expand(name) or name
        rows = view.rows(query, {"class": URIRef(iri)}) if is_iri(iri) and ":" in iri else iter(())
        found = {str(row["s"]) for row in rows}
    return sorted(iri for iri in found if not iri.startswith(GENID))


class _Ranks:
    """Says which of a node's classes is the most specific, by the subclass statements in the graph."""

    def __init__(self, view: View) -> None:
        self._above: dict[str, set[str]] = {}
        for lower, _, upper in view.edges([RDFS + "subClassOf"]):
            self._above.setdefault(lower, set()).add(upper)
        self._known: dict[tuple[str, ...], str] = {}

    def best(self, classes: list[str]) -> str:
        """Return the CURIE of the best class, or ``""`` when there is none."""
        key = tuple(sorted(classes))
        if key not in self._known:
            self._known[key] = self._choose(key)
        return self._known[key]

    def _choose(self, classes: Sequence[str]) -> str:
        named = [iri for iri in classes if not iri.startswith(GENID)]
        if not named:
            return ""
        most_specific = [
            iri for iri in named if not any(other != iri and iri in self.above(other) for other in named)
        ]
        candidates = most_specific or named
        return compact(
            min(candidates, key=lambda iri: (not iri.startswith(AIMS), -len(self.above(iri)), iri))
        )

    def above(self, iri: str) -> set[str]:
        """Return every class above one, without itself unless it stands in a circle."""
        seen: set[str] = set()
        stack = list(self._above.get(iri, ()))
        while stack:
            upper = stack.pop()
            if upper not in seen:
                seen.add(upper)
                stack.extend(self._above.get(upper, ()))
        return seen


def _stands(view: View, iri: str) -> bool:
    if not is_iri(iri):
        return False
    return view.ask("ASK { { ?node ?p ?o } UNION { ?s ?q ?node } }", {"node": URIRef(iri)})


def _vocabulary(view: View) -> set[str]:
    kinds = "owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty rdfs:Class rdf:Property"
    return {
        str(row["s"]) for row in view.select(f"SELECT ?s WHERE {{ VALUES ?kind {{ {kinds} }} ?s a ?kind }}")
    }


def _types(view: View, iris: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for values in named("s", iris):
        for row in view.rows(f"SELECT ?s ?c WHERE {{ {values} ?s a ?c }}"):
            found.setdefault(str(row["s"]), []).append(str(row["c"]))
    return found


def _labels(view: View, iris: list[str]) -> dict[str, str]:
    best: dict[str, tuple[tuple[int, int, str], str]] = {}
    rows = chain.from_iterable(_label_rows(view, values) for values in named("s", iris))
    for iri, order, label in rows:
        text = str(label)
        language = (label.language or "").partition("-")[0] if isinstance(label, Literal) else ""
        rank = (order, 0 if language in ("", "en") else 1, text)
        if iri not in best or rank < best[iri][0]:
            best[iri] = (rank, text)
    return {iri: text for iri, (_, text) in best.items()}


def _all_labels(view: View) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for iri, _, label in _label_rows(view, ""):
        found.setdefault(iri, []).append(str(label))
    return found


def _spelled(view: View, label: str) -> list[str]:
    """Return what bears exactly that label: the engine finds it many times faster than reading all labels does."""
    properties = " ".join(f"<{iri}>" for iri in LABELS)
    query = f"SELECT DISTINCT ?s WHERE {{ VALUES ?p {{ {properties} }} ?s ?p ?label FILTER(STR(?label) = ?text) }}"
    return [str(row["s"]) for row in view.select(query, {"text": Literal(label)})]


def _identifiers(view: View) -> list[tuple[str, str]]:
    rows = view.select(
        f"SELECT DISTINCT ?s ?name WHERE {{ ?s <{DCTERMS}identifier> ?name FILTER(ISIRI(?s)) }}"
    )
    return [(str(row["s"]), str(row["name"])) for row in rows]


def _label_rows(view: View, values: str) -> Iterable[tuple[str, int, object]]:
    order = {iri: position for position, iri in enumerate(LABELS)}
    for row in view.rows(f"SELECT ?s ?p ?label WHERE {{ {one_of('p', LABELS, values)} ?s ?p ?label }}"):
        yield str(row["s"]), order[str(row["p"])], row["label"]


def _not_found(view: View, name: str, labels: dict[str, list[str]], like: str | None) -> NodeNotFoundError:
    example = _standing(view, like)
    kind = example.type if example else ""
    found = _close(view, name, labels, example)
    offer = "Did you mean"
    if example and kind:
        known = describe(view, found)
        same = [iri for iri in found if known[iri].type == kind]
        if not same and len(members := list_nodes(view, type=kind, limit=_FEW + 1)) <= _FEW:
            found, offer = [node.id for node in members], "There are"
        else:
            found = same or found
    found = found if offer == "There are" else found[:_SHOWN]
    known = describe(view, found)
    told = [f"{known[iri].label} <{iri}>" for iri in found]
    end = "?" if offer == "Did you mean" else "."
    hint = f"{offer}: {'; '.join(told)}{end}" if told else "List what there is with: aimsgraph nodes"
    return NodeNotFoundError(
        f"There is no node named {name!r}.", hint=hint, problems=tuple(Problem(text) for text in told)
    )


def _standing(view: View, like: str | None) -> NodeRef | None:
    """Return the node that an example names, if it is in the graph: examples speak of an organisation of ours."""
    iri = like and (expand(like) or like)
    return describe(view, [iri])[iri] if iri and _stands(view, iri) else None


def _close(view: View, name: str, labels: dict[str, list[str]], example: NodeRef | None) -> list[str]:
    """Return the nodes with a name close to one that was not found, the closest first."""
    space = example.id.removesuffix(local_name(example.id)) if example else None
    types = list(view.edges([RDF + "type"]))
    # A mapping between two entries is a statement that nobody calls by a name.
    mappings = {subject for subject, _, class_ in types if class_ == AIMS + "Mapping"}
    subjects = {subject for subject, _, _ in types} | set(labels)
    nodes = [iri for iri in sorted(subjects) if not iri.startswith(GENID) and iri not in mappings]
    nodes.sort(key=lambda iri: space is None or not iri.startswith(space))
    names: dict[str, list[str]] = {}
    for iri, text in sorted(_identifiers(view)):
        names.setdefault(text.casefold(), []).append(iri)
    for iri in nodes:
        for text in (compact(iri), local_name(iri), *labels.get(iri, ())):
            names.setdefault(text.casefold(), []).append(iri)
    folded = name.strip("<>").casefold()
    grams = {folded[place : place + 3] for place in range(max(1, len(folded) - 2))}
    likely = heapq.nlargest(_COMPARED, names, key=lambda text: sum(gram in text for gram in grams))
    # Where the kind wanted is known, letters alike in another kind of thing are mostly chance.
    close = difflib.get_close_matches(folded, likely, n=4 * _SHOWN, cutoff=0.75 if example else 0.6)
    close += [text for text in names if len(folded) > 2 and folded in text]
    return list(dict.fromkeys(iri for text in close for iri in names[text]))


def _ambiguous(view: View, name: str, iris: list[str]) -> NodeAmbiguousError:
    known = describe(view, iris)
    told = [f"<{iri}> ({known[iri].type or 'no class'})" for iri in iris]
    shown = ", ".join(told[:_SHOWN]) + (f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else "")
    return NodeAmbiguousError(
        f"{len(iris)} nodes are called {name!r}.",
        hint=f"Name one by its IRI: {shown}.",
        problems=tuple(Problem(text) for text in told),
    )
