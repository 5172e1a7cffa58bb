"""Finds saved questions: one by its name, or those for a persona, of an area, or with a word in them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from aimsgraph.errors import QueryNotFoundError
from aimsgraph.model.question import Catalogue
from aimsgraph.query.catalogue import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from aimsgraph.model.question import SavedQuery


def find(name: str, extra: Iterable[Path] = ()) -> SavedQuery:
    """Return the saved question with the id (or title) ``name``, shipped or below the folders ``extra``.

    :raises QueryNotFoundError: no question is called that; the hint lists close matches.
    :raises QueryInvalidError, InputNotReadableError: as :func:`aimsgraph.query.catalogue` does.
    """
    return named(name, catalogue(extra))


def named(name: str, known: Mapping[str, SavedQuery]) -> SavedQuery:
    """Return the question with the id or title ``name`` among those ``known`` by id.

    :raises QueryNotFoundError: no question is called that; the hint lists close matches.
    """
    if name in known:
        return known[name]
    titles = {saved.title.lower(): saved for saved in known.values()}
    if name.lower() in titles:
        return titles[name.lower()]
    close = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    close = (
        close or [key for key in known if any(part in key for part in name.lower().split("-") if part)][:3]
    )
    hint = f"Did you mean {' or '.join(close)}? " if close else ""
    if not close and (far := difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.3)):
        hint = f"The nearest names are {', '.join(far)}. "
    hint += f"List all {len(known)} with: aimsgraph query"
    raise QueryNotFoundError(f"There is no saved question called {name!r}.", hint=hint)


def matching(
    known: Mapping[str, SavedQuery],
    *,
    persona: str | None = None,
    area: str | None = None,
    text: str | None = None,
) -> Catalogue:
    """Return the questions for a persona, of an area, and with every word of ``text`` in name, title or question."""
    words = (text or "").casefold().split()

    def fits(saved: SavedQuery) -> bool:
        said = f"{saved.id} {saved.title} {saved.question}".casefold()
        return (
            (persona is None or persona in saved.personas)
            and (area is None or area == saved.area)
            and all(word in said for word in words)
        )

    return Catalogue(queries=tuple(filter(fits, known.values())))
