"""Makes a store like that of a large organisation, for the benches that ask it saved questions.

``organisations.py`` gives its systems, models, data, risks and controls (of 23 such houses 250 systems, 1,600 datasets
and 2,200 controls); on top come the records that pile up in operation: daily measurements and monthly evidence.
"""

from __future__ import annotations

import random
import tempfile
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from organisations import EXAMPLE, example, triples
from rdflib import RDF, RDFS, URIRef

import aimsgraph
from aimsgraph.vocab import AIMS, PROV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.engine import Graph
    from aimsgraph.model.question import SavedQuery

#: Houses that, with their records, make a million triples.
MILLION: Final = 23
#: The house that the parameters of questions name, unless told otherwise: one with others before and behind it.
ASKED: Final = 5
TODAY: Final = date(2026, 9, 30)
#: Days on which each metric was measured, and months in which each control left a piece of evidence.
DAYS: Final = 300
MONTHS: Final = 5
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


@contextmanager
def opened(houses: int, kept: Path | None) -> Iterator[Graph]:
    """Open a store of so many houses: the one ``kept`` in a folder, made there if it is missing, or a fresh one."""
    with tempfile.TemporaryDirectory() as folder:
        place = kept or Path(folder, "aims.store")
        if not place.exists():
            file = Path(folder, "large.nt")
            with file.open("w", encoding="utf-8") as out:
                out.writelines(triples(houses))
                out.writelines(records(houses))
            aimsgraph.init(place).load(file, message="a large organisation")
        yield aimsgraph.open(place)


def parameters(saved: SavedQuery, house: int = ASKED) -> dict[str, str]:
    """Return the parameters of a question's example; the nodes are those of one house."""
    given = {param.name: param.example for param in saved.params if param.example is not None}
    return {
        name: f"ex:{house}/{text.removeprefix('ex:')}" if text.startswith("ex:") else text
        for name, text in given.items()
    }


def records(houses: int, seed: int = 1) -> Iterator[str]:
    """Yield the lines of the measurements of each metric and of the evidence of each control."""
    draw = random.Random(seed)
    graph = example(matrix=False)

    def named(name: str) -> list[str]:
        found = graph.subjects(RDF.type, URIRef(AIMS + name))
        return sorted(str(node).removeprefix(EXAMPLE) for node in found)

    metrics, controls, people = named("Metric"), named("Control"), named("Owner")
    for house in range(houses):
        for metric in metrics:
            yield from _measurements(f"{EXAMPLE}{house}/{metric}", draw)
        for control in controls:
            author, approver = draw.sample(people, 2)
            yield from _evidence(
                f"{EXAMPLE}{house}/{control}", f"{EXAMPLE}{house}/{author}", f"{EXAMPLE}{house}/{approver}"
            )


def _measurements(metric: str, draw: random.Random) -> Iterator[str]:
    for back in range(1, DAYS + 1):
        day = TODAY - timedelta(days=back)
        me = f"<{metric}/{day}>"
        yield f"{me} <{RDF.type}> <{AIMS}Measurement> .\n"
        yield f"{me} <{AIMS}ofMetric> <{metric}> .\n"
        yield f'{me} <{AIMS}measuredOn> "{day}"^^<{_XSD}date> .\n'
        yield f'{me} <{AIMS}measuredValue> "0.{draw.randrange(1000):03}"^^<{_XSD}decimal> .\n'


def _evidence(control: str, author: str, approver: str) -> Iterator[str]:
    for month in range(1, MONTHS + 1):
        day = date(2026, 9 - month, 28)
        me = f"<{control}/evidence/{day}>"
        yield f"<{control}> <{AIMS}evidencedBy> {me} .\n"
        yield f"{me} <{RDF.type}> <{AIMS}Evidence> .\n"
        yield f'{me} <{RDFS.label}> "Record of {day} for {control.rpartition("/")[2]}" .\n'
        yield f'{me} <{AIMS}collectedOn> "{day}"^^<{_XSD}date> .\n'
        yield f'{me} <{AIMS}validUntil> "{day.replace(year=2027)}"^^<{_XSD}date> .\n'
        yield f'{me} <{AIMS}sha256> "{sha256(me.encode()).hexdigest()}" .\n'
        yield f'{me} <{AIMS}location> "records/{day}.pdf" .\n'
        yield f"{me} <{PROV}wasAttributedTo> <{author}> .\n"
        yield f"{me} <{AIMS}approvedBy> <{approver}> .\n"
