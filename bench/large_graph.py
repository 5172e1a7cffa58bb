"""Writes a large, plausible graph as N-Triples: datasets derived from datasets, models, systems, risks, controls.

    python bench/large_graph.py 100000 large.nt

The same number and seed give the same file. A tenth of the nodes are models, a twentieth systems; each dataset
derives from up to three earlier ones, near ones more often, so that lineage is deep and fans out unevenly.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

AIMS = "https://w3id.org/aimsgraph/ns#"
BASE = "https://example.org/large/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
DAY = "http://www.w3.org/2001/XMLSchema#date"
DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"


def triples(nodes: int, seed: int) -> Iterator[str]:
    """Yield the lines of a graph with about ``nodes`` nodes."""
    draw = random.Random(seed)
    counts = {
        "dataset": nodes * 70 // 100,
        "model": nodes * 10 // 100,
        "system": nodes * 5 // 100,
        "risk": nodes * 5 // 100,
        "control": nodes * 5 // 100,
        "evidence": nodes * 5 // 100,
    }
    classes = {
        "dataset": "Dataset",
        "model": "Model",
        "system": "AISystem",
        "risk": "Risk",
        "control": "Control",
    }

    def link(subject: str, name: str, value: str) -> str:
        return f"<{BASE}{subject}> <{name}> <{BASE}{value}> .\n"

    for kind, count in counts.items():
        for number in range(count):
            me = f"{kind}/{number}"
            yield f"<{BASE}{me}> <{TYPE}> <{AIMS}{classes.get(kind, 'Evidence')}> .\n"
            yield f'<{BASE}{me}> <{LABEL}> "{kind} {number}" .\n'
            if kind == "dataset" and number > 10:
                for _ in range(draw.choice((1, 1, 2, 3))):
                    back = min(number, 1 + int(draw.expovariate(1 / 500)))
                    yield link(me, DERIVED, f"dataset/{number - back}")
            elif kind == "model":
                for _ in range(2):
                    yield link(me, AIMS + "trainedOn", f"dataset/{draw.randrange(counts['dataset'])}")
            elif kind == "system":
                yield link(me, AIMS + "usesModel", f"model/{draw.randrange(counts['model'])}")
            elif kind == "risk":
                yield link(me, AIMS + "threatens", f"dataset/{draw.randrange(counts['dataset'])}")
            elif kind == "control":
                yield link(me, AIMS + "guards", f"dataset/{draw.randrange(counts['dataset'])}")
                yield link(me, AIMS + "mitigates", f"risk/{draw.randrange(counts['risk'])}")
                yield link(me, AIMS + "evidencedBy", f"evidence/{number}")
                yield f'<{BASE}{me}> <{AIMS}designEffectiveness> "0.{draw.randrange(1, 10)}"^^<{DECIMAL}> .\n'
            elif kind == "evidence":
                yield f'<{BASE}{me}> <{AIMS}collectedOn> "2026-01-0{draw.randrange(1, 10)}"^^<{DAY}> .\n'
                yield f'<{BASE}{me}> <{AIMS}validUntil> "20{draw.randrange(25, 29)}-12-31"^^<{DAY}> .\n'


def main() -> None:
    """Write the file that the command line names."""
    parser = argparse.ArgumentParser(description="Write a large graph as N-Triples.")
    parser.add_argument("nodes", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    with words.file.open("w", encoding="utf-8") as out:
        out.writelines(triples(words.nodes, words.seed))


if __name__ == "__main__":
    main()
