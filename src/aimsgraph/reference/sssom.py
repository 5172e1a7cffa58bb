"""Crosswalks as SSSOM/TSV, the Simple Standard for Sharing Ontology Mappings.

``python -m aimsgraph.reference.sssom [FILE.ttl …]`` writes ``<name>.sssom.tsv`` beside each crosswalk: those of
this installation, or the files named.
"""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import yaml

from aimsgraph import resources
from aimsgraph.errors import AimsgraphError, InputNotReadableError
from aimsgraph.ingest import read_file
from aimsgraph.order import natural
from aimsgraph.vocab import AIMS, DCTERMS, OWL, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The columns, in the order of the specification.
COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "see_also",
    "comment",
)


def sssom(path: Path) -> str:
    """Return the mappings of a crosswalk, a Turtle file with ``aims:Mapping`` nodes, as SSSOM/TSV.

    The prefixes of the file become the CURIE map; labels come from the file and from the ontology.

    :raises SyntaxProblemError: the file is not Turtle.
    :raises InputNotReadableError: it is missing, has no ontology header or no mapping, or declares no prefix
        for a term that it maps.
    """
    return _Crosswalk(path).text()


def write_all(paths: Sequence[Path] = ()) -> list[Path]:
    """Write the SSSOM/TSV beside each crosswalk (those of this installation, or ``paths``); return the files."""
    known = sorted((resources.folder("ontology") / "crosswalks").glob("*.ttl"))
    written = []
    for path in paths or known:
        target = path.with_suffix(".sssom.tsv")
        target.write_text(sssom(path), encoding="utf-8", newline="")
        written.append(target)
    return written


class _Nodes:
    """The values of each property of each node of a Turtle file, in the order of the file."""

    def __init__(self, path: Path) -> None:
        parsed = ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)
        self.values: dict[str, dict[str, list[str]]] = {}
        for quad in parsed:
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, (ox.NamedNode, ox.Literal)):
                node = self.values.setdefault(quad.subject.value, {})
                node.setdefault(quad.predicate.value, []).append(quad.object.value)
        self.prefixes: dict[str, str] = parsed.prefixes

    def text(self, node: str, name: str) -> str:
        """Return the first value of a node's property, or nothing."""
        return next(iter(self.values.get(node, {}).get(name, ())), "")

    def typed(self, kind: str) -> list[str]:
        """Return the nodes of a class."""
        return [node for node, said in self.values.items() if kind in said.get(RDF + "type", ())]

    def labels(self) -> dict[str, str]:
        """Return the nodes that have a label, with it."""
        found = {
            node: self.text(node, RDFS + "label") or self.text(node, SKOS + "prefLabel")
            for node in self.values
        }
        return {node: label for node, label in found.items() if label}


@cache
def _ontology_labels() -> Mapping[str, str]:
    labels: dict[str, str] = {}
    for path in resources.files("ontology", "*.ttl"):
        labels |= _Nodes(path).labels()
    return labels


class _Crosswalk:
    """One crosswalk on its way into a table; notes which of its prefixes the table needs."""

    def __init__(self, path: Path) -> None:
        read_file(path)  # says file, line and reason when it is faulty
        self.path = path
        self.nodes = _Nodes(path)
        self.labels = {**_ontology_labels(), **self.nodes.labels()}
        self.used: dict[str, str] = {}

    def text(self) -> str:
        headers, mappings = self.nodes.typed(OWL + "Ontology"), self.nodes.typed(AIMS + "Mapping")
        if not headers or not mappings:
            lacks = "aims:Mapping" if headers else "owl:Ontology"
            raise InputNotReadableError(
                f"{self.path} is no crosswalk: no {lacks} stands in it.",
                hint="docs/crosswalks.md shows what a crosswalk says.",
            )
        rows = sorted(map(self._row, mappings), key=lambda row: (natural(row[0]), natural(row[3])))
        front = self._front(headers[0])
        table = io.StringIO()
        csv.writer(table, delimiter="\t", lineterminator="\n").writerows([COLUMNS, *rows])
        return "".join(f"#{line}\n" for line in front.splitlines()) + table.getvalue()

    def _front(self, header: str) -> str:
        text = self.nodes.text
        issued = text(header, DCTERMS + "issued")
        schemes = self.nodes.typed(SKOS + "ConceptScheme")
        source = schemes[0] if len(schemes) == 1 else ""
        said = {
            "mapping_set_id": f"{header.rstrip('/#')}.sssom.tsv",
            "mapping_set_version": text(header, OWL + "versionInfo"),
            "mapping_set_title": text(header, DCTERMS + "title"),
            "mapping_set_description": text(header, DCTERMS + "description"),
            "creator_label": [maker] if (maker := text(header, DCTERMS + "creator")) else None,
            "license": text(header, DCTERMS + "license"),
            "object_source": self._curie(source) if source else None,
            "object_source_version": text(source, OWL + "versionInfo"),
            "mapping_provider": header,
            "publication_date": date.fromisoformat(issued) if issued else None,
        }
        front = {"curie_map": dict(sorted(self.used.items()))} | {
            key: one for key, one in said.items() if one
        }
        return str(yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=sys.maxsize))

    def _row(self, mapping: str) -> tuple[str, ...]:
        def value(name: str) -> str:
            return self.nodes.text(mapping, AIMS + name)

        start, end = value("mapsFrom"), value("mapsTo")
        return (
            self._curie(start),
            self.labels.get(start, ""),
            self._curie(value("mappingRelation")),
            self._curie(end),
            self.labels.get(end, ""),
            self._curie(value("mappingBasis")),
            value("confidence"),
            self.nodes.text(mapping, DCTERMS + "source"),
            value("justification"),
        )

    def _curie(self, iri: str) -> str:
        fitting = [item for item in self.nodes.prefixes.items() if iri.startswith(item[1])]
        if not fitting:
            raise InputNotReadableError(
                f"{self.path} declares no prefix for <{iri}>.",
                hint="SSSOM names every term by a CURIE: declare a prefix for its namespace.",
            )
        prefix, namespace = max(fitting, key=lambda item: len(item[1]))
        self.used[prefix] = namespace
        return f"{prefix}:{iri.removeprefix(namespace)}"


def main(names: Sequence[str]) -> int:
    """Write the files and say which; return the exit status."""
    try:
        written = write_all([Path(name) for name in names])
    except AimsgraphError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"Wrote {path}\n" for path in written)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
