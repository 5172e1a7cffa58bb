"""Finds every term of our own namespaces that is used and that nothing defines.

``python -m aimsgraph.reference.terms [FOLDER]`` examines a checkout (that of this installation without FOLDER) and
says each fault on a line: the file, the place, the term, and the closest term that is defined.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aimsgraph import resources, vocab
from aimsgraph.errors import AimsgraphError, InputNotReadableError, QueryInvalidError
from aimsgraph.reference.likeness import likeness, parts
from aimsgraph.tokens import Token, place, tokens
from aimsgraph.vocab import AIMS, GRAPH, PREFIXES, RDF, RULE, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: What begins so is ours.
OURS: Final = "https://w3id.org/aimsgraph/"
#: The kinds of file that are read in each folder. The tables beside the crosswalks are written from the Turtle.
FILES: Final = {
    "ontology": (".ttl", ".rq"),
    "shapes": (".ttl",),
    "queries": (".rq",),
    "mappings": (".json", ".md"),
    "examples": (".ttl", ".csv", ".json", ".md"),
    "src": (".py",),
    "api": (".py",),
}
#: What the program names while it runs: graphs, rules by the names of their files, kinds of problem of the API.
_OF_THE_PROGRAM: Final = (GRAPH, RULE, OURS + "problem/")
#: The keys of a column mapping look like terms but are words of its own language, which mappings/README.md explains.
_MAPPING_WORDS: Final = frozenset(
    AIMS + word
    for word in ("also", "base", "blank", "class", "extract", "inverse", "label", "of", "resolve", "values")
)
_VERSION: Final = re.compile(r"/\d+\.\d+\.\d+$")
_LOCAL: Final = r"(?P<local>\w(?:[\w.\-]*[\w\-])?)"
_MENTION: Final = re.compile(
    rf"(?P<iri>{re.escape(OURS)}[^\s<>\"'{{}}|^`\\(),;]*)"
    rf"|(?<![\w.:/\#@\-])(?P<prefix>[A-Za-z][\w\-]*):{_LOCAL}"
)
#: How shapes declare a prefix for the SPARQL in them, within sh:declare.
_DECLARATION: Final = re.compile(r'sh:prefix\s+"([\w-]*)"\s*;\s*sh:namespace\s+"([^"]*)"')
#: How the program writes a term: f"{AIMS}Risk", or AIMS + "Risk".
_PUT_TOGETHER: Final = re.compile(rf"""(?:\{{(?P<inside>\w+)\}}|\b(?P<before>\w+)\s*\+\s*f?["']){_LOCAL}""")
#: The namespaces of ours by the names that the program has for them.
_CONSTANTS: Final = {
    name: iri
    for name, iri in vars(vocab).items()
    if isinstance(iri, str) and iri.startswith(OURS) and iri.endswith(("/", "#"))
}
_tokens: Final = cache(tokens)  # each text is read twice: for what it uses, and for what it defines


@dataclass(frozen=True, slots=True)
class Source:
    """A file: its name below the folder examined, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Use:
    """A term at a place in a file, as it is spelt there."""

    iri: str
    spelling: str
    source: Source
    offset: int

    @property
    def place(self) -> str:
        """The file, the line and the column."""
        return "{}:{}:{}".format(self.source.name, *place(self.source.text, self.offset))


@dataclass(slots=True)
class Terms:
    """The terms of ours that a checkout defines, those that it uses, and what in it cannot be read."""

    defined: dict[str, Use] = field(default_factory=dict)
    used: list[Use] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    _unused: set[str] = field(default_factory=set)

    def faults(self) -> list[str]:
        """Return a sentence for each place that uses an undefined term; or for each file that is unreadable."""
        found = {(use.place, use.iri): use for use in self.used if not self._known(use)}
        # What an unreadable file defines is unknown: it is to be mended first.
        return self.unreadable or [self._sentence(use) for use in found.values()]

    def _known(self, use: Use) -> bool:
        if use.iri in self.defined or use.iri.startswith(_OF_THE_PROGRAM):
            return True
        if use.iri.endswith(("/", "#")):  # a namespace: behind a prefix, or compared with other names
            return True
        if use.iri in _MAPPING_WORDS and use.source.name.startswith(("mappings/", "src/aimsgraph/ingest/")):
            return True
        return _VERSION.sub("", use.iri) in self.defined  # the version of an ontology, known by its header

    def _sentence(self, use: Use) -> str:
        name = use.spelling if ":" in use.spelling and "//" not in use.spelling else compact(use.iri)
        whole = "" if name == use.iri else f" ({use.iri})"
        fault = f"{use.place}: {name} is used but nothing defines it{whole}."
        close = self._closest(use.iri)
        if close is None:
            folder = "shapes" if use.iri.startswith(OURS + "shape/") else "ontology"
            return f"{fault} Define it in {folder}/, or use one that is there."
        known = close.iri if name == use.iri else f"{name.partition(':')[0]}:{parts(close.iri)[1]}"
        return f"{fault} Did you mean {known}, defined in {close.place.rpartition(':')[0]}?"

    def _idle(self) -> set[str]:
        """Return the terms that nothing outside the ontology uses, and that give no reason for it."""
        if not self._unused:
            used = {use.iri for use in self.used if not use.source.name.startswith("ontology/")}
            said = {
                iri
                for iri, use in self.defined.items()
                if "deliberatelyUnused" in use.source.text[use.offset :].partition("\n\n")[0]
            }
            self._unused = set(self.defined) - used - said
        return self._unused

    def _closest(self, iri: str) -> Use | None:
        namespace, local = parts(iri)
        near = [name for name in sorted(self.defined) if parts(name)[0] == namespace]
        idle = [
            name
            for name in near
            if name in self._idle() and parts(name)[1][:1].isupper() == local[:1].isupper()
        ]
        if len(idle) == 1:  # a term that was renamed is used under its new name by nobody yet
            return self.defined[idle[0]]
        rated = [(likeness(local, parts(name)[1]), name) for name in near]
        best = max(rated, default=(0.0, ""), key=lambda one: one[0])
        return self.defined[best[1]] if best[0] >= 0.6 else None  # as difflib measures a good match


def collect(root: Path) -> Terms:
    """Return the terms of ours that the files below a checkout's root define and use.

    Names that the program puts together only while it runs (``AIMS + name``) are not seen.

    :raises InputNotReadableError: there is no ontology below ``root``.
    """
    if not (root / "ontology").is_dir():
        raise InputNotReadableError(f"{root} has no folder ontology.", hint="Name the root of a checkout.")
    found = Terms()
    sources = _sources(root)
    shapes = "\n".join(source.text for source in sources if source.name.startswith("shapes/"))
    declared = {**PREFIXES, **dict(_DECLARATION.findall(shapes))}
    for source in sources:
        try:
            found.used += _uses(source, declared)
            if source.name.endswith(".ttl") and source.name.startswith(("ontology/", "shapes/")):
                for use in _definitions(source):
                    found.defined.setdefault(use.iri, use)
        except QueryInvalidError as error:
            fault = error.problems[0]
            said = f"this is not {'Turtle' if source.name.endswith('.ttl') else 'SPARQL'}: {fault.message}."
            found.unreadable.append(f"{source.name}:{fault.line}:{fault.column}: {said}")
        except SyntaxError as error:
            found.unreadable.append(f"{source.name}:{error.lineno}: this is not Python: {error.msg}.")
    return found


def _sources(root: Path) -> list[Source]:
    return [
        Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8", errors="replace"))
        for folder, kinds in FILES.items()
        for path in sorted((root / folder).rglob("*"))
        if path.suffix in kinds and path.is_file()
    ]


def _uses(source: Source, declared: Mapping[str, str]) -> Iterable[Use]:
    if source.name.endswith(".py"):
        return _in_program(source)
    if source.name.endswith((".ttl", ".rq")):
        return _in_tokens(source, declared)
    return _mentions(source, source.text, 0, PREFIXES)


def _in_tokens(source: Source, declared: Mapping[str, str]) -> Iterator[Use]:
    """Find the terms of a Turtle or SPARQL text, also within its strings and in the header of a question."""
    found = _tokens(source.text)
    own = _prefixes(found)
    names = {**PREFIXES, **own} if source.name.endswith(".rq") else own
    for token in found:
        if (iri := _iri(token, names)) is not None:
            if iri.startswith(OURS):
                yield Use(iri, token.text, source, token.start)
        elif token.kind == "string" or token.text.startswith("#+"):
            # SPARQL within a shape has the prefixes that the shapes declare, whatever those of the file are.
            yield from _mentions(source, token.text, token.start, {**own, **declared})


def _mentions(source: Source, text: str, start: int, prefixes: Mapping[str, str]) -> Iterator[Use]:
    """Find the IRIs and prefixed names of ours in a text that begins at ``start``."""
    for match in _MENTION.finditer(text):
        if text.startswith("{", match.end()):
            continue  # the rest of the name is filled in while the program runs
        spelling = match[0].rstrip(".")
        iri = spelling if match["iri"] else prefixes.get(match["prefix"], "") + match["local"]
        if iri.startswith(OURS):
            yield Use(iri, spelling, source, start + match.start())


def _prefixes(found: Sequence[Token]) -> dict[str, str]:
    return {
        name.text.removesuffix(":"): namespace.text[1:-1]
        for keyword, name, namespace in zip(found, found[1:], found[2:], strict=False)
        if keyword.text.lower() in ("@prefix", "prefix") and namespace.kind == "iri"
    }


def _iri(token: Token, prefixes: Mapping[str, str]) -> str | None:
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind != "pname":
        return None
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, prefix + ":") + local.replace("\\", "")


def _definitions(source: Source) -> Iterator[Use]:
    """Find the subjects of which a Turtle text says what they are; to say something else of one defines nothing."""
    found = [token for token in _tokens(source.text) if token.kind != "comment"]
    prefixes = _prefixes(found)
    subject: Token | None = None
    depth = 0
    for token in found:
        depth += (token.text in ("[", "(")) - (token.text in ("]", ")"))
        typing = token.text == "a" or _iri(token, prefixes) == RDF + "type"
        if subject is None:
            subject = token
        elif depth == 0 and token.text == ".":
            subject = None
        elif depth == 0 and typing and (name := _iri(subject, prefixes) or "").startswith(OURS):
            yield Use(name, subject.text, source, subject.start)


def _in_program(source: Source) -> Iterator[Use]:
    """Find the terms in a Python text, but for its docstrings, where a name may stand for any (``aims:name``)."""
    tree = ast.parse(source.text)
    lines = [0, *(match.end() for match in re.finditer("\n", source.text)), len(source.text) + 1]
    text = source.text
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            start, end = lines[node.lineno - 1], lines[node.end_lineno or node.lineno] - 1
            text = text[:start] + " " * (end - start) + text[end:]
    yield from _mentions(source, text, 0, PREFIXES)
    for match in _PUT_TOGETHER.finditer(text):
        namespace = _CONSTANTS.get(match["inside"] or match["before"])
        if namespace and not text.startswith("{", match.end()):
            yield Use(namespace + match["local"], match["local"], source, match.start("local"))
    spaces = _namespaces(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in spaces:
            start = lines[node.lineno - 1]
            before = source.text[start:].encode()[: node.col_offset].decode()
            yield Use(spaces[node.value.id] + node.attr, node.attr, source, start + len(before))


def _namespaces(tree: ast.Module) -> dict[str, str]:
    """Return the namespaces of ours of which a module reads terms as attributes (``aims.Risk``), by their names."""
    bound = [one.name for node in tree.body if isinstance(node, ast.ImportFrom) for one in node.names]
    bound += re.findall(r"^(\w+)(?:: Final)? = Namespace\(", ast.unparse(tree), flags=re.MULTILINE)
    # They bear the names of the constants, in small letters.
    return {name: _CONSTANTS[name.upper()] for name in bound if name.islower() and name.upper() in _CONSTANTS}


def main(arguments: Sequence[str]) -> int:
    """Say each fault on a line; return the exit status."""
    root = Path(arguments[0]) if arguments else resources.folder("ontology").parent
    try:
        faults = collect(root).faults()
    except AimsgraphError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
