"""Records in YAML or JSON, lifted to RDF by a JSON-LD context and a CONSTRUCT query from ``mappings/``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote

import yaml
from rdflib import RDF, Graph, URIRef

from aimsgraph import resources
from aimsgraph.errors import InputNotReadableError, Problem, SyntaxProblemError
from aimsgraph.store import memory_view_of
from aimsgraph.store.parsing import MalformedTextError, parse_quads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aimsgraph.ingest.source import SourceText

#: What an IRI cannot hold, by RFC 3987 as the parsers of RDF read it.
_NOT_IN_IRIS: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
#: Deeper nesting than this is no record that somebody wrote.
_DEEPEST: Final = 50
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C where it was built


@dataclass(frozen=True, slots=True)
class Lifting:
    """How records become RDF: a JSON-LD context, and a CONSTRUCT query over what it makes, told ``?document``."""

    name: str
    context: dict[str, Any]
    construct: str

    @property
    def base(self) -> str:
        """The IRI behind which the ids of records stand."""
        return str(self.context["@base"])

    @property
    def identifier(self) -> str:
        """The key whose value names a record."""
        return next(key for key, meaning in self.context.items() if meaning == "@id")

    @property
    def links(self) -> frozenset[str]:
        """The keys whose values name something."""
        linking = {
            key for key, what in self.context.items() if isinstance(what, dict) and what.get("@type") == "@id"
        }
        return frozenset(linking | {self.identifier})


def lifting(name: str) -> Lifting:
    """Return the lifting of the folder ``name`` in ``mappings/``."""
    folder: Path = resources.folder("mappings") / name
    context = json.loads((folder / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return Lifting(name, context, (folder / "lift.rq").read_text(encoding="utf-8"))


def lifted(source: SourceText, by: Lifting) -> SourceText:
    """Return the records of a source as N-Triples; its name and hash stay those of the file.

    A record without a class, after all is applied, would be in nobody's inventory: that is a fault.

    :raises SyntaxProblemError: the YAML is broken.
    :raises InputNotReadableError: it holds no records, or some without an id or a class; all are told.
    """
    try:
        lines = _checked(source, by)
        content = yaml.load(source.text, Loader=_LOADER)  # noqa: S506 - it is the safe loader, in C
    except yaml.YAMLError as error:
        raise _syntax(source, error) from error
    document = "urn:aimsgraph:document"
    linked = {"@context": by.context, "@id": document, **_with_iris(content, by.links)}
    text = json.dumps(linked, default=_written).encode()
    try:
        quads = parse_quads(text, "jsonld", base=by.base, name=quote(source.name, safe=""), graph=document)
        said = memory_view_of(quads, graph=document).to_rdflib()
    except MalformedTextError as error:
        fault = Problem(f"The records make no RDF: {error.faults[0].reason}", source.name)
        raise InputNotReadableError(f"{fault}.", problems=(fault,)) from error
    answer = said.query(by.construct, initBindings={"document": URIRef(document)}).graph
    graph = cast("Graph", answer)  # a CONSTRUCT query answers with one
    _refuse(source, _unclassed(source, graph, lines, by), "Give each of them a type.")
    return replace(source, format="ntriples", text=graph.serialize(format="nt", encoding="utf-8"))


def _written(value: object) -> str:
    """Write what JSON has no form for: dates, as ISO 8601 has them."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _with_iris(value: Any, links: frozenset[str], linking: bool = False) -> Any:
    """Percent-encode, in the values of the keys ``links``, what an IRI cannot hold."""
    if isinstance(value, dict):
        return {key: _with_iris(inner, links, key in links) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_iris(inner, links, linking) for inner in value]
    if linking and not isinstance(value, dict):
        return _NOT_IN_IRIS.sub(lambda found: quote(found[0]), str(value))
    return value


def _checked(source: SourceText, by: Lifting) -> dict[str, int]:
    """Return the line of each record, by its id, or say everything that is wrong with the form of the file."""
    _refuse(source, list(_unsafe(source)), "Write what it stands for out in full.")
    root = yaml.compose(source.text, Loader=_LOADER)
    lines: dict[str, int] = {}
    faults: list[Problem] = []
    for record in _records(root):
        line = record.start_mark.line + 1
        name = {key.value: value for key, value in record.value}.get(by.identifier)
        if isinstance(name, yaml.ScalarNode) and name.value:
            lines[name.value] = line
        else:
            faults.append(Problem(f"The record has no {by.identifier}", source.name, line))
    if not lines and not faults:
        faults.append(Problem("The file holds no lists of records", source.name, 1))
    _refuse(source, faults, f"A record stands in a list, and its {by.identifier} names it.")
    return lines


def _unsafe(source: SourceText) -> Iterator[Problem]:
    """Yield what would unfold into something huge: aliases and deep nesting."""
    depth = 0
    for event in yaml.parse(source.text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            yield Problem(
                f"The YAML uses the alias *{event.anchor}, which is not expanded", source.name, line
            )
        if depth > _DEEPEST:
            yield Problem(f"The YAML is nested more than {_DEEPEST} deep", source.name, line)
            return


def _records(root: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    for _, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if isinstance(value, yaml.SequenceNode):
            yield from (record for record in value.value if isinstance(record, yaml.MappingNode))


def _unclassed(source: SourceText, graph: Graph, lines: dict[str, int], by: Lifting) -> list[Problem]:
    classed = {str(node) for node in graph.subjects(RDF.type)}
    named = {name: _with_iris({by.identifier: name}, by.links)[by.identifier] for name in lines}
    return [
        Problem(f"The record {name!r} has no type, and its list tells none", source.name, line)
        for name, line in lines.items()
        if not {named[name], by.base + named[name]} & classed
    ]


def _refuse(source: SourceText, faults: list[Problem], hint: str) -> None:
    if faults:
        more = f" That is the first of {len(faults)} faults." if len(faults) > 1 else ""
        raise InputNotReadableError(
            f"{source.name}:{faults[0].line}: {faults[0].message}.{more}", hint=hint, problems=tuple(faults)
        )


def _syntax(source: SourceText, error: yaml.YAMLError) -> SyntaxProblemError:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or str(error)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, None)
    fault = Problem(f"The YAML is broken: {reason}", source.name, line, column)
    return SyntaxProblemError(f"{fault}.", hint="Nothing of this file was imported.", problems=(fault,))
