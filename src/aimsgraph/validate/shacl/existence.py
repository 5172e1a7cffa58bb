"""What must, or must not, exist: as sets that are joined or taken away, where that means the same as asking each node.

An engine asks a ``FILTER EXISTS`` anew for each solution, and many then do not know that a variable has its value, so
that the work grows with the square of the data. A set is found once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aimsgraph.tokens import Token, variables
from aimsgraph.validate.shacl.group import Group, written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: Stands where a filter stood that became a set at the end of its group; it is always fulfilled.
_NOTHING: Final = "FILTER(true)"
#: Words of parts whose answer depends on which values are there already, and so on being asked for each solution.
_WAITING: Final = frozenset({"OPTIONAL", "BIND", "SELECT"})
#: The variables of a rewritten query that its author did not write, and the one that every row has.
HELPERS: Final = re.compile(r"this|set[0-9]+x[0-9]+")


def as_set(
    around: Group, index: int, beyond: set[str] | None, nodes: Token | None, left: Collection[str] = ()
) -> bool:
    """Turn the existence filter whose group stands at an index into a set, where both mean the same.

    ``beyond`` are the variables further out whose values hold here too, since ``around`` is itself asked for existence;
    None where it is not, and ``$this`` has its value; ``left`` those that ``around`` sees as an OPTIONAL. ``nodes`` is
    the pattern that binds the few nodes that matter, None where all do: a set that is not about these alone would be
    more work than to ask. Say whether it was turned.
    """
    asked = around.items[index]
    start, negated = _filter_before(around, index)
    if not isinstance(asked, Group) or start is None or _WAITING & {token.word for token in asked.tokens()}:
        return False
    outside = around.visible().union(left) | ({"this"} if beyond is None else beyond)
    known = around.bound() | ({"this"} if beyond is None else set())
    carried = _carried(asked, around, outside)
    if carried is None:
        return False
    shared = asked.names() & outside
    if not shared <= known & (asked.bound() | variables(carried)):
        return False
    if nodes is not None and "this" not in shared:
        return False
    asked.items[:0] = carried if nodes is None else [nodes, *carried]
    # No other set beside this one stands at the same place, and none within it is as long.
    name = f"?set{index}x{len(written(asked))}"
    put = _minus(asked, shared, name) if negated else [_distinct(asked, sorted(shared), name)]
    if _binds_later(around, index):
        around.items[start : index + 1] = [Token("op", _NOTHING, 0), *_blanks(index - start)]
        around.items.extend(put)
    else:
        around.items[start : index + 1] = [*_blanks(index + 1 - start - len(put)), *put]
    return True


def _filter_before(around: Group, index: int) -> tuple[int | None, bool]:
    """Return where the words before a group begin that make it a filter, and whether they negate."""
    words = [item.word if isinstance(item, Token) else "" for item in around.items[max(0, index - 3) : index]]
    if words[-3:] == ["FILTER", "NOT", "EXISTS"]:
        return index - 3, True
    return (index - 2, False) if words[-2:] == ["FILTER", "EXISTS"] else (None, False)


def _carried(asked: Group, around: Group, outside: set[str]) -> list[Token] | None:
    """Return the statements from around that bind what the filters of a group read from outside; None if impossible.

    With them come those that lead on to a value that the group binds itself: else each would meet each.
    """
    if any((group.used() & outside) - group.bound() for group in asked.groups()):
        return None
    wanted = (asked.used() & outside) - asked.bound()
    reached, left = set(wanted), list(around.statements()) if wanted else []
    carried: list[Token] = []
    while near := [statement for statement in left if variables(statement) & reached]:
        left = [statement for statement in left if statement not in near]
        for statement in near:
            carried += [*statement, Token("op", ".", 0)]
            reached |= variables(statement) - asked.bound()
    return carried if wanted <= variables(carried) else None


def _minus(asked: Group, shared: set[str], name: str) -> list[Token | Group]:
    if shared:
        return [Token("op", "MINUS", 0), asked]
    # What has nothing to do with the solutions is there for all of them or for none: it is counted once.
    return [
        Group([Token("op", f"SELECT (COUNT(*) AS {name}) WHERE", 0), asked]),
        Token("op", f"FILTER({name} = 0)", 0),
    ]


def _distinct(asked: Group, shared: list[str], name: str) -> Group:
    head = " ".join(f"?{one}" for one in shared) or f"(1 AS {name})"
    return Group([Token("op", f"SELECT DISTINCT {head} WHERE", 0), asked])


def _binds_later(around: Group, index: int) -> bool:
    """Say whether something behind an item binds variables: a set has to stand behind that."""
    rest = Group(around.items[index + 1 :])
    return bool(rest.bound()) or any(True for _ in rest.solved())


def _blanks(count: int) -> Iterator[Token]:
    # Others hold the places of items, so that their number has to stay.
    return (Token("op", "", 0) for _ in range(count))
