"""Turns the query of a shape, meant for one node at a time, into one that answers for all of them.

SHACL evaluates the query of a constraint with ``$this`` bound beforehand, and whatever stands in it, however deep, sees
that value. Here the nodes to look at stand at the head of the pattern, and of each group within that needs them.
What must, or must not, exist becomes a set where that means the same.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rdflib import RDF

from aimsgraph.tokens import Token, variables
from aimsgraph.validate.shacl.choice import state_choices
from aimsgraph.validate.shacl.existence import as_set
from aimsgraph.validate.shacl.group import Group, parsed, written

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from aimsgraph.validate.shacl.context import Statement

#: What SHACL does not let stand in the query of a constraint, since ``$this`` is bound beforehand (section 5.2.1).
FORBIDDEN: Final = frozenset({"MINUS", "SERVICE", "VALUES", "FROM", "LOAD", "INSERT", "DELETE"})
#: Variables that an engine may bind besides, each to another value in each shape: not in a query for all nodes.
UNSUPPORTED: Final = frozenset({"shapesGraph", "currentShape"})

_TYPE: Final = f"<{RDF.type}>"
Given = dict[tuple[str, str], str]


class ForbiddenError(Exception):
    """A query that may not stand in a shape; the text says why."""


class UnpushedError(ForbiddenError):
    """A query that no store can answer for all nodes, and an engine that goes from node to node perhaps can."""


def for_all(
    found: Sequence[Token], nodes: str, path: str | None, given: Mapping[tuple[str, str], str], *,
    few: bool = False, statement: Statement | None = None,
) -> str:  # fmt: skip
    """Return the query that answers for all nodes.

    ``found`` are its tokens with IRIs in full; ``nodes`` is the group that binds ``?this``; ``path`` stands for
    ``$PATH``. ``given`` holds what is known without the data: subject and property (IRIs in angle brackets) → value.
    With ``few`` nodes, what must or must not exist is looked for about these alone. A pattern that holds the
    ``statement`` which makes a node one of them needs not name the nodes besides.

    :raises ForbiddenError: the query has a part that SHACL forbids, or leaves to each engine.
    """
    refuse(found)
    whole = parsed([_with_path(token, path) for token in found])
    where = _where(whole)
    _Rewriting(nodes, given, few=few, statement=statement).within(where, outermost=True)
    return written(whole)


def counts_rows(found: Sequence[Token]) -> bool:
    """Say whether a query cuts its rows off by number, so that it has to be asked for each node alone."""
    return any(token.kind == "word" and token.word in {"LIMIT", "OFFSET"} for token in found)


def refuse(found: Sequence[Token]) -> None:
    """Look for what may not stand in a query with values bound beforehand.

    :raises ForbiddenError: with the first such thing.
    """
    words = {token.word for token in found if token.kind == "word"}
    if words & FORBIDDEN:
        raise ForbiddenError(f"{min(words & FORBIDDEN)} may not stand in the query of a shape")
    if variables(found) & UNSUPPORTED:
        raise UnpushedError(
            "$shapesGraph and $currentShape, which SHACL leaves to each engine, are not bound here"
        )
    fixed = {"this", "value"} if "ASK" in words else {"this"}
    for before, token in pairwise(found):
        if before.word == "AS" and token.text[1:] in fixed:
            raise ForbiddenError(f"{token.text} may not be given a value")


def _with_path(token: Token, path: str | None) -> Token:
    if token.kind == "var" and token.text[1:] == "PATH":
        if path is None:
            raise ForbiddenError("$PATH stands for a path only in a property shape")
        return Token("iri", path, token.start)
    return token


def _where(whole: Group) -> Group:
    where = next(whole.solved(), None)
    if where is None:
        raise ForbiddenError("the query has no pattern")
    if _is_select(where):
        where.items = [Group(where.items)]
    return where


class _Rewriting:
    def __init__(
        self, nodes: str, given: Mapping[tuple[str, str], str], *, few: bool, statement: Statement | None
    ) -> None:
        self.statement = statement
        self.nodes = Token("op", nodes, 0)
        self.few = self.nodes if few else None
        self.given = given

    def within(self, group: Group, *, outermost: bool = False, left: Collection[str] = ()) -> None:
        """Rewrite a group and those within it; an OPTIONAL's filters see the variables to the ``left`` of it too."""
        known = self._state_given(group)
        if self.few is None:
            state_choices(group)
        if outermost:
            needs = self.statement is None or not _holds(group.head(), self.statement)
        else:
            needs = "this" in group.names() and "this" not in group.head().bound()
        before: list[Token] = []
        for index, item in enumerate(list(group.items)):
            if not isinstance(item, Group):
                before.append(item)
                continue
            words = [token.word for token in before[-3:]]
            if words[-1:] == ["EXISTS"]:
                _replace(item, known)
                self._state_given(item)
                # About a few nodes what stands further in is soon asked.
                if self.few is None:
                    self._asked(item, group.visible() | {"this"})
                if as_set(group, index, None, self.few, left) and self.few is None:
                    self._asked(item, set())
            elif _is_select(item):
                if "this" not in _projected(item):
                    raise ForbiddenError("a SELECT within it must name $this among what it selects")
                inner = next(item.solved())
                self.within(inner, outermost="this" in item.names())
            elif words[-1:] != ["VALUES"] and not (
                before and before[-1].kind == "var" and words[-2:-1] == ["VALUES"]
            ):
                self.within(item, left=group.visible() if words[-1:] == ["OPTIONAL"] else ())
            before = []
        if needs:
            group.items.insert(0, self.nodes)

    def _asked(self, group: Group, around: set[str]) -> None:
        """Rewrite what is asked for within a group that is itself asked for existence; ``around`` holds there too."""
        for index, item in enumerate(list(group.items)):
            if isinstance(item, Group):
                self._asked(item, around | group.visible())
                if as_set(group, index, around, None):
                    self._asked(item, set())

    def _state_given(self, group: Group) -> dict[str, str]:
        """Put what is known without the data in the place of the statements that ask for it."""
        known: dict[str, str] = {}
        items = group.items
        index = 0
        while index + 2 < len(items):
            three = items[index : index + 3]
            if all(isinstance(item, Token) for item in three):
                subject, predicate, value = (item.text for item in three)  # type: ignore[union-attr]
                if (subject, predicate) in self.given and three[2].kind == "var":  # type: ignore[union-attr]
                    known[value[1:]] = self.given[subject, predicate]
                    follows = items[index + 3] if index + 3 < len(items) else None
                    if isinstance(follows, Token) and follows.text == ",":
                        index += 1
                        continue
                    if isinstance(follows, Token) and follows.text == ";":
                        items[index : index + 4] = [_values(value, known[value[1:]]), three[0]]
                        index += 1
                        continue
                    end = 4 if isinstance(follows, Token) and follows.text == "." else 3
                    items[index : index + end] = [_values(value, known[value[1:]])]
            index += 1
        return known


def _holds(group: Group, statement: Statement) -> bool:
    """Say whether a group has a statement about ``$this`` among its own."""
    return any(
        len(own) == 3 and all(_fits(token, wanted) for token, wanted in zip(own, statement, strict=True))
        for own in group.statements()
    )


def _fits(token: Token, wanted: str | None) -> bool:
    if wanted == "?r":
        return token.kind == "var" and token.text[1:] == "this"
    text, named = ("a" if term == _TYPE else term for term in (token.text, wanted))
    return named is None or text == named


def _replace(group: Group, known: Mapping[str, str]) -> None:
    """Put known values in the place of variables, for a group that sees no values from outside."""
    for index, item in enumerate(group.items):
        if isinstance(item, Group):
            _replace(item, known)
        elif item.kind == "var" and item.text[1:] in known:
            group.items[index] = Token("string", known[item.text[1:]], item.start)


def _values(variable: str, value: str) -> Token:
    return Token("op", f"VALUES {variable} {{ {value} }}", 0)


def _is_select(group: Group) -> bool:
    first = group.items[0] if group.items else None
    return isinstance(first, Token) and first.word == "SELECT"


def _projected(group: Group) -> set[str]:
    """Return the variables between SELECT and the pattern."""
    names: set[str] = set()
    after = ""
    for item in group.items:
        if isinstance(item, Group):
            if after != "EXISTS":
                break
            continue
        after = item.word
        if item.kind == "var":
            names.add(item.text[1:])
    return names
