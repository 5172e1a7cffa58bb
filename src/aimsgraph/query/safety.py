"""Decides whether a SPARQL text may run: it only reads, and it asks nobody but the store.

Three readings have to agree: every bare word stands on a list of allowed words; rdflib's parser takes the
text and its tree holds no SERVICE, and no dataset clause but those that were read; and what reaches the engine, as
written by ``binding.engine_text``, spells that word nowhere and has no dataset clause. The engine's own parser, in the
worker, has the last word on syntax.
"""

from __future__ import annotations

import difflib
import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urljoin

from pyparsing import ParseBaseException
from rdflib.plugins.sparql.parser import parseQuery

from aimsgraph.errors import Problem, QueryRefusedError
from aimsgraph.tokens import Token, excerpt, invalid, place, tokens
from aimsgraph.vocab import PREFIXES

if TYPE_CHECKING:
    from aimsgraph.model.question import QueryKind

#: Longest query text, in characters.
LONGEST: Final = 200_000
#: Longest text that is remembered once it has passed, in characters.
_USUAL: Final = 10_000

_TARGETS: Final = frozenset({"ALL", "DEFAULT", "NAMED", "GRAPH", "SILENT"})
_WORDS: Final = """
    BASE PREFIX WHERE DISTINCT REDUCED AS OPTIONAL UNION MINUS GRAPH FILTER BIND VALUES UNDEF ORDER BY ASC
    DESC LIMIT OFFSET GROUP HAVING NOT EXISTS IN TRUE FALSE a SEPARATOR
    COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT
    STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE
    ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS
    TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM
    ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE
"""
#: The parser's actions find out how many arguments they take when they first run, and go wrong when two threads do.
PARSING: Final = threading.Lock()
KINDS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES: Final = frozenset(
    {"LOAD", "INSERT", "DELETE", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH", "USING"}
)
ALLOWED: Final = KINDS | frozenset(_WORDS.split())


@dataclass(frozen=True, slots=True)
class CheckedQuery:
    """A query that may run: its text, kind, tokens without comments, and the prefixes that hold in it.

    ``body`` is the index of the first token after the prologue. ``default`` and ``named`` are the graphs (IRIs) of its
    clauses FROM and FROM NAMED, None without any; the clauses themselves are not among the tokens.
    """

    text: str
    kind: QueryKind
    tokens: tuple[Token, ...]
    prefixes: dict[str, str]
    body: int
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None

    @property
    def clauses(self) -> int:
        """How many clauses FROM and FROM NAMED it has."""
        return len(self.default or ()) + len(self.named or ())

    @property
    def asks_named(self) -> bool:
        """Whether it can see a named graph at all."""
        return any(token.word == "GRAPH" for token in self.tokens)


def looks_like_sparql(text: str) -> bool:
    """Say whether ``text`` is meant as SPARQL, and not as the name of a saved question."""
    first = re.match(r"\s*([A-Za-z]+)\s+(\S+)", text)
    update = first is not None and first[1].upper() in UPDATES and first[2].upper() in _TARGETS
    return update or any(char in text for char in "{}<>?\n")


def check(text: str) -> QueryKind:
    """Return the kind of query that ``text`` is, if it may run.

    Whether the graphs that it names with FROM are graphs of the store is looked at when it runs.

    :raises QueryRefusedError: it updates, calls a service or names a file.
    :raises QueryInvalidError: it breaks the grammar; with line, column and excerpt in the user's own text.
    """
    return inspect(text).kind


def inspect(text: str) -> CheckedQuery:
    """Check ``text`` as ``check`` does and return what was learnt about it."""
    query = read(text)
    check_tree(text, query.clauses)
    return query


def read(text: str) -> CheckedQuery:
    """Read ``text`` word by word and refuse what may not run; whether the grammar holds is not looked at.

    :raises QueryRefusedError: a word in it updates, calls a service or names a file as its dataset.
    :raises QueryInvalidError: it has an unknown word or prefix, or does not begin as a query.
    """
    if len(text) > LONGEST:
        raise QueryRefusedError(f"The query has {len(text):,} characters; at most {LONGEST:,} are taken.")
    found = [token for token in tokens(text) if token.kind != "comment"]
    if not found:
        raise invalid("it is empty", text, 0, "Write a SELECT, ASK, CONSTRUCT or DESCRIBE query.")
    for token in found:
        if token.kind == "word" and token.word not in ("FROM", "NAMED"):
            check_word(token, text)
    prefixes, base, body = prologue(found, text)
    if body == len(found) or found[body].word not in KINDS:
        at = found[body] if body < len(found) else found[-1]
        raise invalid(f"{at.text!r} stands where SELECT, ASK, CONSTRUCT or DESCRIBE should", text, at.start)
    for token in found[body:]:
        if token.kind == "pname" and token.text.partition(":")[0] not in prefixes:
            raise unknown_prefix(token, prefixes, text)
    kept, default, named = _dataset(found, body, text, prefixes, base)
    kind = cast("QueryKind", found[body].word)
    if default or named:
        return CheckedQuery(text, kind, tuple(kept), prefixes, body, tuple(default), tuple(named))
    return CheckedQuery(text, kind, tuple(kept), prefixes, body)


def _dataset(
    found: list[Token], body: int, text: str, prefixes: dict[str, str], base: str
) -> tuple[list[Token], list[str], list[str]]:
    """Take the dataset clauses out of the tokens of a query; return the others, the default and the named graphs."""
    kept: list[Token] = found[: body + 1]
    graphs: dict[bool, list[str]] = {False: [], True: []}
    depth, at = 0, body + 1
    while at < len(found):
        token = found[at]
        depth += (token.text in "{(") - (token.text in "})") if token.kind == "op" else 0
        named = at + 1 < len(found) and found[at + 1].word == "NAMED"
        name = found[at + 1 + named] if at + 1 + named < len(found) else token
        if depth or token.word != "FROM" or name.kind not in ("iri", "pname"):
            if token.kind == "word":
                check_word(token, text)
            kept.append(token)
            at += 1
            continue
        iri = named_iri(name, prefixes, base)
        if iri.lower().startswith("file:"):
            raise _refused("FROM names graphs of the store, and no file", name.start, text)
        graphs[named].append(iri)
        at += 2 + named
    return kept, graphs[False], graphs[True]


def named_iri(token: Token, prefixes: dict[str, str], base: str) -> str:
    """Return what a full or a prefixed name stands for, made absolute by the base if there is one."""
    if token.kind == "pname":
        prefix, _, local = token.text.partition(":")
        return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)
    return resolved(unescape_iri(token.text[1:-1]), base)


def check_word(token: Token, text: str) -> None:
    """Refuse a bare word that no query may use."""
    word = token.word
    if word in ALLOWED:
        return
    if word in UPDATES:
        raise _refused(f"{word} changes data, and queries only read", token.start, text)
    if word.startswith("SERVICE"):
        raise _refused("SERVICE asks another server, and queries only read this store", token.start, text)
    if word == "FROM":
        reason = "FROM names a graph of the store, and stands in front of WHERE"
        raise _refused(reason, token.start, text, "Use GRAPH <…> { … } to read one named graph.")
    close = difflib.get_close_matches(word, ALLOWED, n=3, cutoff=0.75)
    hint = (
        f"Did you mean {' or '.join(close)}?" if close else "A variable starts with ?, a string with a quote."
    )
    raise invalid(f"{token.text!r} is not a word of SPARQL", text, token.start, hint)


def prologue(
    found: list[Token], text: str, at: int = 0, prefixes: dict[str, str] | None = None, base: str = ""
) -> tuple[dict[str, str], str, int]:
    """Read the declarations at ``at``; return the prefixes and the base that hold then, and where they end."""
    prefixes = dict(PREFIXES if prefixes is None else prefixes)
    while at < len(found) and found[at].word in ("BASE", "PREFIX"):
        named = found[at].word == "PREFIX"
        shape = [token.kind for token in found[at + 1 : at + 2 + named]]
        if shape != (["pname", "iri"] if named else ["iri"]):
            wanted = "PREFIX name: <IRI>" if named else "BASE <IRI>"
            raise invalid(f"this should read {wanted}", text, found[at].start)
        iri = resolved(unescape_iri(found[at + 1 + named].text[1:-1]), base)
        if named:
            prefixes[found[at + 1].text[:-1]] = iri
        else:
            base = iri
        at += 2 + named
    return prefixes, base, at


def resolved(iri: str, base: str) -> str:
    """Return an IRI made absolute by the base (as it is, where there is none)."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", iri):
        return iri
    joined = urljoin(base, iri)
    return joined + "#" if iri.endswith("#") and not joined.endswith("#") else joined


def unescape_iri(spelling: str) -> str:
    """Return an IRI with its codepoint escapes resolved."""
    return re.sub(r"\\[uU]([0-9A-Fa-f]{8}|[0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), spelling)


def unknown_prefix(token: Token, prefixes: dict[str, str], text: str) -> Exception:
    """Return the error for a prefix that nothing declares."""
    name = token.text.partition(":")[0]
    close = difflib.get_close_matches(name, prefixes, n=3)
    hint = f"Did you mean {' or '.join(f'{match}:' for match in close)}? " if close else ""
    return invalid(
        f"the prefix {name}: is not known", text, token.start, f"{hint}Declare it: PREFIX {name}: <…>"
    )


def _refused(reason: str, offset: int, text: str, hint: str | None = None) -> QueryRefusedError:
    line, column = place(text, offset)
    where = f"line {line}, column {column}"
    return QueryRefusedError(
        f"The query is refused at {where}: {reason}.{excerpt(text, offset)}",
        hint=hint,
        problems=(Problem(reason, None, line, column),),
    )


def check_tree(text: str, clauses: int = 0) -> None:
    """Parse ``text`` and refuse a tree with a service in it, however deep, or other than so many dataset ``clauses``.

    :raises QueryInvalidError: rdflib's parser does not take the text. It cannot say well where the fault is:
        the place is where the last thing began that it could not finish.
    """
    if len(text) <= _USUAL:
        _passed(text, clauses)
    else:
        _parsed(text, clauses)


def _parsed(text: str, clauses: int) -> None:
    try:
        with PARSING:
            tree = parseQuery(text)
    except ParseBaseException as fault:
        near = re.match(r"\S{1,30}", text[fault.loc :].lstrip())
        what = f"{near[0]!r} does not fit here" if near else "the text ends too early"
        raise invalid(f"{what}, or something before it is not finished", text, fault.loc) from None
    except RecursionError:
        raise invalid("it is nested too deeply to be checked", text, 0) from None
    except (ValueError, OverflowError) as fault:
        raise invalid(f"a value in it cannot be read ({fault})", text, 0) from None
    _walk(tree, text, clauses)


#: Remembers the texts that passed: dashboards ask the same saved questions again and again.
_passed: Final = lru_cache(maxsize=256)(_parsed)


def _walk(tree: object, text: str, clauses: int = 0) -> None:
    """Refuse a parse tree in which a service stands anywhere, or a dataset clause that was not read."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        name = getattr(node, "name", None)
        clauses -= name == "DatasetClause"
        if name == "ServiceGraphPattern" or clauses < 0:
            raise _refused("it asks another server or names graphs of its own", 0, text)
        if isinstance(node, dict):
            waiting.extend(node.values())
        elif not isinstance(node, str) and hasattr(node, "__iter__"):
            waiting.extend(node)
