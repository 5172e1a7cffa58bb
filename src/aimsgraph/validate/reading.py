"""Reads shape files into one graph, and tells every fault in them with shape, file and line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rdflib import RDF, SH, Graph, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax

from aimsgraph.errors import InputNotReadableError, Problem, SyntaxProblemError
from aimsgraph.validate.shacl.fault import named
from aimsgraph.validate.shacl.form import CONSTRAINING, foreign_terms, form_faults
from aimsgraph.validate.shacl.origin import Origin, ShapesGraph
from aimsgraph.validate.wording import compact_or_text
from aimsgraph.vocab import AIMS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from rdflib.term import Node

APPLIES_WHEN: Final = URIRef(AIMS + "appliesWhen")
#: What makes a node of a shapes graph a shape: it is of such a class, or says where it looks.
_KINDS: Final = (SH.NodeShape, SH.PropertyShape)
_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_LEADING: Final = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
#: Where rdflib found a fault in a query, counted with the prefixes before it.
_PLACE: Final = re.compile(r"\s*\(at char \d+\), \(line:(\d+), col:\d+\)")


def read_graph(paths: Iterable[Path], sound: Collection[Path] = ()) -> ShapesGraph:
    """Read Turtle files, and no others: imports are not followed.

    Of ``sound`` files the SPARQL is known to be so; to read it takes longer than all else here.

    :raises SyntaxProblemError: with shape, file and line of every fault in Turtle, SHACL or SPARQL.
    :raises InputNotReadableError: when a file is not there.
    """
    shapes = ShapesGraph()
    problems: list[Problem] = []
    for path in paths:
        read = read_turtle(path)
        if isinstance(read, Origin):
            shapes.join(read)
        else:
            problems.append(read)
    prefixes = declared_prefixes(shapes)
    problems.extend(_form_problems(shapes))
    known = {str(path) for path in sound}
    for origin in shapes.origins:
        if origin.path not in known:
            problems.extend(_problems(origin, prefixes))
    if problems:
        raise faulty("shape files", problems)
    return shapes


def read_turtle(path: Path) -> Origin | Problem:
    """Read a Turtle file, or say what is wrong with it.

    :raises InputNotReadableError: when the file is not there.
    """
    text = _text(path)
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format="turtle", publicID=path.resolve().as_uri())
    except BadSyntax as error:
        reason = re.sub(r"\s+", " ", getattr(error, "_why", "not Turtle"))
        return Problem(f"Not Turtle: {reason}", path=str(path), line=error.lines + 1)
    return Origin(str(path), text, graph)


def faulty(files: str, problems: Sequence[Problem]) -> SyntaxProblemError:
    """Return the error for all that is wrong in some files."""
    return SyntaxProblemError(
        f"The {files} have {len(problems)} fault(s): {'; '.join(str(problem) for problem in problems)}.",
        hint="Mend the lines named, or leave the files out.",
        problems=tuple(problems),
    )


def declared_prefixes(graph: Graph) -> str:
    """Return the prefixes that a shapes graph declares for its queries, as SPARQL writes them."""
    declared = {
        f"PREFIX {graph.value(node, SH.prefix)}: <{graph.value(node, SH.namespace)}>"
        for node in graph.objects(None, SH.declare)
    }
    return "\n".join(sorted(declared))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputNotReadableError(
            f"The shape file {path} cannot be read: {error}.", hint="Shapes are Turtle files in UTF-8."
        ) from error


def _form_problems(shapes: ShapesGraph) -> list[Problem]:
    known = shapes_in(shapes)
    found = {
        problem
        for node in set(shapes.subjects())
        for error in (form_faults if node in known else foreign_terms)(shapes, node)
        for problem in error.problems
    }
    return sorted(found, key=lambda problem: (problem.path or "", problem.line or 0, problem.message))


def _problems(origin: Origin, prefixes: str) -> Iterator[Problem]:
    if not any(str(term).startswith(str(SH)) for triple in origin.graph for term in triple):
        yield Problem(f"It holds no shape: no term of SHACL, <{SH}>, stands in it", path=origin.path)
    yield from query_problems(origin, prefixes)


def shapes_in(graph: Graph) -> set[Node]:
    """Return the shapes in a graph: by their class, a target, a constraint, or what leads to them."""
    found = {node for kind in _KINDS for node in graph.subjects(RDF.type, kind)}
    found |= {node for said in (*_TARGETS, *CONSTRAINING) for node in graph.subjects(said, None)}
    return found | {node for leading in _LEADING for node in graph.objects(None, leading)}


def query_problems(origin: Origin, prefixes: str) -> Iterator[Problem]:
    """Yield what is wrong with the SPARQL in a file, read with the prefixes that its shapes declare."""
    graph = origin.graph
    queries = [(str(text), str(text), node) for node, text in graph.subject_objects(SH.select)]
    queries += [
        (str(when), f"SELECT ?this {{ {when} }}", node) for node, when in graph.subject_objects(APPLIES_WHEN)
    ]
    # It needs rdflib's parser, which takes a while to import.
    from aimsgraph.validate.examined_graph import fault_in

    before = prefixes.count("\n") + 1
    for written, query, node in sorted(queries):
        fault = fault_in(f"{prefixes}\n{query.replace('$PATH', '?path')}")
        if fault:
            within = _PLACE.search(fault)
            start = origin.text.find(written)
            line = origin.text.count("\n", 0, start) + 1 if start >= 0 else None
            if line is not None and within is not None:
                line += max(int(within[1]) - before - 1, 0)
            told = f"The SPARQL of the shape {compact_or_text(named(graph, node))} cannot be used"
            yield Problem(f"{told}: {_PLACE.sub('', fault)}", path=origin.path, line=line)
