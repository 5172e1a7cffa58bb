"""The groups of an embedded query: which variables their patterns bind, and which their filters use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aimsgraph.tokens import Token, variables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What is longer and said to be a sign is a part of a query that was written anew.
_LONGEST_SIGN: Final = 2


@dataclass(slots=True)
class Group:
    """What stands between two braces: tokens and the groups within, in order."""

    items: list[Token | Group] = field(default_factory=list)

    def tokens(self) -> Iterator[Token]:
        """Yield all tokens in it, those of the groups within included."""
        for item in self.items:
            if isinstance(item, Group):
                yield from item.tokens()
            else:
                yield item

    def names(self) -> set[str]:
        """Return the variables in it, wherever they stand."""
        return variables(self.tokens())

    def head(self) -> Group:
        """Return what stands before the first of its parts that depends on what is there already: OPTIONAL and such."""
        head = Group()
        after = ""
        for item in self.items:
            after, before = item.word if isinstance(item, Token) else "", after
            if after in {"BIND", "OPTIONAL", "MINUS"} or (isinstance(item, Group) and before != "EXISTS"):
                break
            head.items.append(item)
        return head

    def bound(self) -> set[str]:
        """Return the variables that its own patterns bind in every solution."""
        own, _ = self._parted()
        return variables(own)

    def solved(self) -> Iterator[Group]:
        """Yield its own groups whose values its solutions may hold: all but those of what must or must not exist."""
        after = ""
        for item in self.items:
            if isinstance(item, Group):
                if after not in {"EXISTS", "MINUS"}:
                    yield item
                after = ""
            else:
                after = item.word

    def visible(self) -> set[str]:
        """Return the variables that may have a value in its solutions."""
        own = variables(item for item in self.items if isinstance(item, Token))
        return own.union(*(group.visible() for group in self.solved()))

    def used(self) -> set[str]:
        """Return the variables that its own filters and expressions read, and those of groups asked for existence."""
        _, read = self._parted()
        return variables(read)

    def groups(self) -> Iterator[Group]:
        """Yield the groups within, however deep."""
        for item in self.items:
            if isinstance(item, Group):
                yield item
                yield from item.groups()

    def statements(self) -> Iterator[list[Token]]:
        """Yield its own plain statements: subject, property or path, object. Lists and nameless nodes are left out."""
        own, _ = self._parted()
        for block in _between(own, "."):
            if any(token.text in {"[", "]"} or token.kind == "bnode" for token in block):
                continue
            for number, said in enumerate(_between(block, ";")):
                statement = said if number == 0 else [block[0], *said]
                if len(statement) > 2 and all(token.text != "," for token in statement):
                    yield statement

    def _parted(self) -> tuple[list[Token], list[Token]]:
        """Part its own tokens into those of patterns and those of expressions."""
        own: list[Token] = []
        read: list[Token] = []
        depth, after, before = 0, "", ""
        for item in self.items:
            if isinstance(item, Group):
                if after in {"EXISTS"} or depth:
                    read.extend(item.tokens())
                after = ""
                own.append(Token("op", ".", 0))
                continue
            # FILTER <function>(…): between other IRIs and a bracket stands a path.
            opens = after in {"FILTER", "BIND", "NOT", "EXISTS"} or _called(after) or before == "FILTER"
            if item.text == "(" and (depth or opens):
                depth += 1
            (read if depth else own).append(item)
            if item.text == ")" and depth:
                depth -= 1
            after, before = (item.word if item.kind in {"word", "iri"} else ""), after
        return own, read


def _between(own: Sequence[Token], sign: str) -> Iterator[list[Token]]:
    """Part tokens at a sign, and at words that are no part of a statement."""
    found: list[Token] = []
    for token in own:
        is_word = token.kind == "word" and token.text not in {"a", "true", "false"}
        is_written = token.kind == "op" and len(token.text) > _LONGEST_SIGN
        if token.text == sign or is_word or is_written:
            if found:
                yield found
            found = []
        elif token.text:
            found.append(token)
    if found:
        yield found


def _called(word: str) -> bool:
    # FILTER REGEX(…) and the like: a function's name stands before the bracket, never within a path.
    return bool(word) and word.isupper()


def parsed(found: Sequence[Token]) -> Group:
    """Return the whole query as a group; braces that do not match are left to the engine to complain of."""
    outer = Group()
    around = [outer]
    for token in found:
        if token.text == "{":
            inner = Group()
            around[-1].items.append(inner)
            around.append(inner)
        elif token.text == "}" and len(around) > 1:
            around.pop()
        else:
            around[-1].items.append(token)
    return outer


def written(group: Group) -> str:
    """Write the items of a group, the groups within in their braces.

    No space stands between a function and its bracket: not every engine reads one there.
    """
    text = ""
    after_word = False
    for item in group.items:
        word = f"{{ {written(item)} }}" if isinstance(item, Group) else item.text
        text += word if after_word and word == "(" else f" {word}"
        after_word = not isinstance(item, Group) and item.kind == "word"
    return text.strip()
