"""How long findings take to be up to date after a change of ten statements, against a full run on the same graph.

``python bench/recheck.py [ORGANISATIONS]`` (default 112, a million triples; see ``organisations.py``) edits the graph
as people do, in six ways, prints the median and the slowest of each and the ratio to a full run, and ends with status 1
when the findings are not those of a full run.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from datetime import date
from typing import TYPE_CHECKING

import pyoxigraph as ox
from organisations import triples
from rdflib import RDF, RDFS, Literal, Namespace, URIRef

from aimsgraph.store.embedded import EmbeddedView
from aimsgraph.store.terms import from_rdflib_term, to_rdflib_term
from aimsgraph.validate import load_shapes, ontology_graph
from aimsgraph.validate.recheck import Recheck

if TYPE_CHECKING:
    from rdflib.term import Node

    Triple = tuple[Node, Node, Node]

TODAY = date(2026, 9, 30)
AIMS = Namespace("https://w3id.org/aimsgraph/ns#")
PROV = Namespace("http://www.w3.org/ns/prov#")
NEW = Namespace("https://example.org/new/")
EACH = 20
KINDS = ("Dataset", "Model", "AISystem", "Risk", "Control")


class Editor:
    """Changes a store ten statements at a time, and says which."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._draw = random.Random(1)
        self._kinds: dict[str, list[str]] = {}
        self._made = 0

    def some(self, kind: str) -> URIRef:
        """Return a node of a class."""
        if kind not in self._kinds:
            quads = self._store.quads_for_pattern(None, ox.NamedNode(RDF.type), ox.NamedNode(AIMS[kind]))
            self._kinds[kind] = sorted(
                quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)
            )
        return URIRef(self._draw.choice(self._kinds[kind]))

    def new(self, kind: str, cls: URIRef) -> tuple[URIRef, list[Triple]]:
        """Return a new node and the statements that begin it."""
        self._made += 1
        node = NEW[f"{kind}/new-{self._made}"]
        return node, [(node, RDF.type, cls), (node, RDFS.label, Literal(f"New {kind} {self._made}"))]

    def evidence(self) -> tuple[list[Triple], list[Triple]]:
        """Renew five pieces of evidence."""
        removed: list[Triple] = []
        added: list[Triple] = []
        for _ in range(5):
            one = self.some("Evidence")
            old = self._store.quads_for_pattern(
                from_rdflib_term(one), from_rdflib_term(AIMS.validUntil), None
            )
            removed += [(one, AIMS.validUntil, to_rdflib_term(quad.object)) for quad in old]
            added.append((one, AIMS.validUntil, Literal(date(2028, 6, self._draw.randrange(1, 28)))))
        return added, removed

    def risk(self) -> tuple[list[Triple], list[Triple]]:
        """Assess a risk."""
        node, added = self.new("assessment", AIMS.RiskAssessment)
        risk = self.some("Risk")
        added += [(node, AIMS.assesses, risk), (node, AIMS.performedOn, Literal(date(2026, 9, 1)))]
        added += [(risk, AIMS.riskFamily, AIMS.Security), (risk, AIMS.treatment, AIMS.ModifyRisk)]
        added += [(risk, AIMS.ownedBy, self.some("Owner")), (node, AIMS.performedBy, self.some("Owner"))]
        return [*added, (node, AIMS.ownedBy, self.some("Owner"))], []

    def control(self) -> tuple[list[Triple], list[Triple]]:
        """Add a control."""
        node, added = self.new("control", AIMS.Control)
        added += [(node, AIMS.mitigates, self.some("Risk")), (node, AIMS.guards, self.some("Dataset"))]
        added += [(node, AIMS.evidencedBy, self.some("Evidence")) for _ in range(4)]
        return [
            *added,
            (node, AIMS.ownedBy, self.some("Owner")),
            (node, AIMS.designEffectiveness, Literal("0.5")),
        ], []

    def owner(self) -> tuple[list[Triple], list[Triple]]:
        """Give ten nodes an owner."""
        owner = self.some("Owner")
        return [(self.some(kind), AIMS.ownedBy, owner) for kind in KINDS for _ in range(2)], []

    def lineage(self) -> tuple[list[Triple], list[Triple]]:
        """Add a dataset derived from others, and train a model on it."""
        node, added = self.new("dataset", AIMS.Dataset)
        added += [(node, PROV.wasDerivedFrom, self.some("Dataset")) for _ in range(3)]
        return [*added, *((self.some("Model"), AIMS.trainedOn, node) for _ in range(5))], []

    def anything(self) -> tuple[list[Triple], list[Triple]]:
        """Take away the first ten statements of some nodes, as an accident would."""
        removed: list[Triple] = []
        while len(removed) < 10:
            node = self.some(self._draw.choice(KINDS))
            removed += [
                (node, URIRef(quad.predicate.value), to_rdflib_term(quad.object))
                for quad in self._store.quads_for_pattern(from_rdflib_term(node), None, None)
            ]
        return [], removed[:10]


def quad(triple: Triple) -> ox.Quad:
    """Return a statement as the store takes it."""
    return ox.Quad(*map(from_rdflib_term, triple))


def main(organisations: int) -> int:
    """Print a line for each kind of change; return the exit status."""
    store = ox.Store()
    store.bulk_extend(quad(triple) for triple in ontology_graph())
    store.bulk_load("".join(triples(organisations)).encode(), format=ox.RdfFormat.N_TRIPLES)
    view = EmbeddedView(store, "none")
    start = time.perf_counter()
    kept = Recheck(view, load_shapes(), TODAY)
    full = time.perf_counter() - start
    print(
        f"{len(store):,} triples: a full run takes {full:.1f} s, {len(kept.findings()):,} findings",
        flush=True,
    )
    editor = Editor(store)
    edits = (editor.evidence, editor.risk, editor.control, editor.owner, editor.lineage, editor.anything)
    every: list[float] = []
    for edit in edits:
        times: list[float] = []
        for _ in range(EACH):
            added, removed = edit()
            store.extend(map(quad, added))
            for triple in removed:
                store.remove(quad(triple))
            start = time.perf_counter()
            kept.update(view, [*added, *removed])
            times.append(time.perf_counter() - start)
        every += times
        print(
            f"  {edit.__name__}: median {statistics.median(times) * 1e3:.0f} ms, slowest {max(times) * 1e3:.0f} ms",
            flush=True,
        )
    median = statistics.median(every)
    print(f"all: median {median * 1e3:.0f} ms, ratio {full / median:.0f}")
    same = kept.findings() == Recheck(view, load_shapes(), TODAY).findings()
    print("the findings are those of a full run" if same else "THE FINDINGS ARE NOT THOSE OF A FULL RUN")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 112))
