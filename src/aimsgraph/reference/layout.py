"""Turtle in the one layout of the house; comments stay, and so does what the text says.

``python -m aimsgraph.reference.layout [--check] [FILE.ttl or FOLDER …]`` rewrites the files that are laid out in
another way, or with ``--check`` names them. Without names: the ontology, the shapes and the examples.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from aimsgraph import resources
from aimsgraph.errors import AimsgraphError, InputNotReadableError
from aimsgraph.ingest import read_file
from aimsgraph.reference.turtle import (
    Comment,
    Directive,
    Item,
    Name,
    Nameless,
    Nodes,
    Object,
    Piece,
    Predicate,
    Statement,
    outline,
)
from aimsgraph.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A list or a node in brackets that would reach beyond this column gets a line for each of its parts.
WIDTH: Final = 120
INDENT: Final = " " * 4
_RDF_TYPE: Final = ("rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>")
_SHORT: Final = re.compile(
    r"""["'](true|false|[+-]?\d+|[+-]?\d*\.\d+)["']\^\^"""
    r"(?:xsd:|<http://www\.w3\.org/2001/XMLSchema\#)(boolean|integer|decimal)>?"
)
_FORMS: Final = {"boolean": r"true|false", "integer": r"[+-]?\d+", "decimal": r"[+-]?\d*\.\d+"}


def laid_out(text: str) -> str:
    """Return a valid Turtle text in the layout of the house; a second time changes nothing.

    The prefixes come first, sorted, each on a line; each property on a line of its own, by four spaces further in;
    lists and nodes in brackets on one line where they fit; one blank line around statements of several lines.

    :raises InputNotReadableError: a prefix stands for two namespaces, so that the order matters.
    """
    items = outline(text)
    directives = [item for item in items if isinstance(item, Directive)]
    rest = [item for item in items if not isinstance(item, Directive)]
    said = {(item.prefix, item.namespace) for item in directives}
    if len({prefix for prefix, _ in said}) < len(said):
        raise InputNotReadableError(
            "A prefix stands for two namespaces.", hint="Give each a prefix of its own."
        )
    first = items.index(directives[0]) if directives else 0
    head, body = rest[:first], rest[first:]  # comments before the prefixes stay there
    parts = [_items(head), _prefixes(directives), _items(body)]
    text = "\n\n".join(part for part in parts if part)
    return f"{text}\n" if text else ""


def _prefixes(directives: list[Directive]) -> str:
    lines: list[str] = []
    for item in sorted(directives, key=lambda one: (one.prefix is not None, one.prefix or "")):
        name = f"@prefix {item.prefix}:" if item.prefix is not None else "@base"
        line = f"{name} {item.namespace} .{_behind(item)}"
        if line not in lines:
            lines.append(line)
    return "\n".join(lines)


def _items(items: Sequence[Item]) -> str:
    lines: list[str] = []
    before: Item | None = None
    for item in items:
        text = _statement(item) if isinstance(item, Statement) else _comment(item)
        long = "\n" in text
        apart = isinstance(before, Statement) and (long or "\n" in lines[-1])
        if lines and (apart or item.blank):
            lines.append("")
        lines.append(text)
        before = item
    return "\n".join(lines)


def _comment(item: Item) -> str:
    return item.text if isinstance(item, Comment) else ""


def _statement(item: Statement) -> str:
    subject = _object(item.subject, 0, 0)
    if not item.says:
        return f"{subject} .{_behind(item)}"
    apart = f"\n{INDENT}" if item.says[0].above else " "
    room = len(INDENT) if item.says[0].above else len(subject.rpartition("\n")[2]) + 1
    text = subject + apart + f"\n{INDENT}".join(_says(item.says, 1, room))
    if item.below or item.says[-1].behind:
        return f"{text} ;{_behind(item.says[-1])}{_below(item.below, 1)}\n.{_behind(item)}"
    return f"{text} .{_behind(item)}"


def _says(says: list[Predicate], depth: int, room: int) -> list[str]:
    """Write predicates, the first of them after ``room`` characters, and the sign between them but not the last."""
    pad = INDENT * depth
    lines = []
    for number, item in enumerate(says):
        above = "".join(f"{remark}\n{pad}" for remark in item.above)
        text = above + _predicate(item, depth, room if number == 0 else len(pad))
        last = number == len(says) - 1
        lines.append(text if last else f"{text} ;{_behind(item)}")
    return lines


def _predicate(item: Predicate, depth: int, room: int) -> str:
    verb = "a" if item.verb in _RDF_TYPE else item.verb
    column = room + len(verb) + 1
    line = _on_one_line(item.objects, " , ")
    alone = len(item.objects) == 1
    if line is not None and (
        column + len(line) + 2 <= WIDTH or (alone and isinstance(item.objects[0], Name))
    ):
        return f"{verb} {line}"
    pad = INDENT * (depth + 1)
    lines = []
    for number, thing in enumerate(item.objects):
        text = _object(thing, depth if alone else depth + 1, column if number == 0 else len(pad))
        last = number == len(item.objects) - 1
        above = "".join(f"{remark}\n{pad}" for remark in thing.above)
        lines.append(above + text + ("" if last else f" ,{_behind(thing)}"))
    below = item.objects[0].above or (isinstance(item.objects[0], Nameless) and not alone)
    return verb + (f"\n{pad}" if below else " ") + f"\n{pad}".join(lines)


def _object(thing: Object, depth: int, column: int) -> str:
    """Write a thing that begins at ``column``, its inner lines one deeper than ``depth``."""
    line = _inline(thing)
    if line is not None and (column + len(line) + 2 <= WIDTH or isinstance(thing, Name)):
        return line
    pad, inner = INDENT * depth, INDENT * (depth + 1)
    if isinstance(thing, Name):
        return _written(thing.text)
    if isinstance(thing, Nameless):
        says = "".join(f"\n{inner}{one}" for one in _says(thing.says, depth + 1, len(inner)))
        end = f" ;{_behind(thing.says[-1])}" if thing.says else ""
        return f"[{says}{end}{_below(thing.below, depth + 1)}\n{pad}]"
    lines = [
        "".join(f"{remark}\n{inner}" for remark in one.above)
        + _object(one, depth + 1, len(inner))
        + _behind(one)
        for one in thing.members
    ]
    return "(\n" + "".join(f"{inner}{one}\n" for one in [*lines, *thing.below]) + f"{pad})"


def _inline(thing: Object) -> str | None:
    """Return a thing without the remarks around it on one line, or None when it takes several."""
    if isinstance(thing, Name):
        text = _written(thing.text)
        return None if "\n" in text else text
    if thing.below:
        return None
    if isinstance(thing, Nodes):
        members = _on_one_line(thing.members, " ")
        return members if members is None else f"( {members} )" if members else "()"
    said = []
    for item in thing.says:
        line = None if item.remarks else _on_one_line(item.objects, " , ")
        if line is None:
            return None
        said.append(f"{'a' if item.verb in _RDF_TYPE else item.verb} {line}")
    return f"[ {' ; '.join(said)} ]" if said else "[]"


def _on_one_line(things: Sequence[Object], comma: str) -> str | None:
    lines = [None if thing.remarks else _inline(thing) for thing in things]
    return None if None in lines else comma.join(line for line in lines if line is not None)


def _written(text: str) -> str:
    """Return a term in its shortest form: double quotes, numbers and truth values without a datatype."""
    short = _SHORT.fullmatch(text)
    if short and re.fullmatch(_FORMS[short[2]], short[1]):
        return short[1]
    quoted = re.match(r"'''(.*)'''|'([^'].*)'", text, flags=re.DOTALL)
    inside = (quoted[1] or quoted[2]) if quoted else None
    if quoted is None or inside is None or '"' in inside or "\\" in inside:
        return text
    mark = '"""' if quoted[1] is not None else '"'
    return f"{mark}{inside}{mark}{text[quoted.end() :]}"


def _behind(piece: Piece) -> str:
    return "".join(f"  {remark}" for remark in piece.behind)


def _below(remarks: list[str], depth: int) -> str:
    return "".join(f"\n{INDENT * depth}{remark}" for remark in remarks)


def turtle_files(names: Sequence[str] = ()) -> list[Path]:
    """Return the Turtle files named or below the folders named; those of the installation without names."""
    if not names:
        return [
            path for name in ("ontology", "shapes", "examples") for path in resources.files(name, "*.ttl")
        ]
    paths = [Path(name) for name in names]
    return [file for path in paths for file in (sorted(path.rglob("*.ttl")) if path.is_dir() else [path])]


def write(path: Path, *, check: bool = False) -> bool:
    """Lay out a file; return whether it was otherwise. With ``check`` it stays as it is.

    :raises SyntaxProblemError: the file is not Turtle.
    :raises InputNotReadableError: it cannot be read, or laid out without changing what it says.
    """
    read_file(path)  # says file, line and reason when it is faulty
    held = path.read_bytes()
    old = held.decode("utf-8-sig")  # a mark of byte order is of no use in UTF-8
    try:
        new = laid_out(old)
    except InputNotReadableError as error:
        raise InputNotReadableError(f"{path}: {error.message}", hint=error.hint) from error
    if new.encode() == held:
        return False
    if _meaning(new) != _meaning(old) or _remarks(new) != _remarks(old):
        raise InputNotReadableError(
            f"{path} cannot be laid out without a change to what it says; it stays as it is.",
            hint="Write what is unusual in it, such as a comment within a list, in a plainer way.",
        )
    if not check:
        path.write_bytes(new.encode())
    return True


def _meaning(text: str) -> ox.Dataset:
    found = ox.Dataset(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri="file:///"))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found


def _remarks(text: str) -> list[str]:
    return sorted(one.text.rstrip() for one in tokens(text) if one.kind == "comment")


def main(arguments: Sequence[str]) -> int:
    """Lay out the files named, or check them; say which were otherwise, and return the exit status."""
    check = "--check" in arguments
    status = 0
    for path in turtle_files([one for one in arguments if one != "--check"]):
        try:
            if write(path, check=check):
                status = int(check) or status
                sys.stdout.write(f"{'Would lay out' if check else 'Laid out'} {path}\n")
        except AimsgraphError as error:
            sys.stderr.write(f"{error}\n")
            status = 1
    if check and status:
        sys.stderr.write("`just format` lays out Turtle files.\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
