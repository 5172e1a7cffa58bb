"""Many rows of a view: counted first, so that an answer that a server cuts short is noticed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import Literal

from aimsgraph.errors import StoreUnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aimsgraph.store.protocol import Row, View


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one pattern; ``select`` names its variables, the first of which is ``?s``."""

    view: View
    select: str
    pattern: str

    def rows(self, page: int | None = None) -> Iterator[Row]:
        """Go through the rows as they come; with ``page``, ask for so many at a time, in the order of ``?s``.

        Each page starts after the last subject of the one before: skipping rows that were read would take the server
        longer with each page.

        :raises StoreUnusableError: there come fewer rows than were counted, or more.
        """
        (answer,) = self.view.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {self._query()} }} }}")
        expected, got = int(str(answer["n"])), 0
        rows = self._pages(page) if page is not None and expected > page else self.view.rows(self._query())
        for row in rows:
            got += 1
            yield row
        if got != expected:
            raise StoreUnusableError(
                f"The store gave {got:,} rows where it had counted {expected:,}.",
                hint="Its answers may be cut short: ask for fewer rows at a time (--page). Or somebody writes to it.",
            )

    def _query(self, more: str = "") -> str:
        return f"SELECT {self.select} WHERE {{ {self.pattern} {more} }}"

    def _pages(self, page: int) -> Iterator[Row]:
        query = f"{self._query('FILTER(STR(?s) > ?last)')} ORDER BY STR(?s) LIMIT {page}"
        last = ""
        while rows := self.view.select(query, {"last": Literal(last)}):
            subject = rows[-1]["s"]
            yield from (row for row in rows if row["s"] != subject)
            # The rows of the last subject may go on past the page.
            yield from self.view.rows(self._query(), {"s": subject})
            last = str(subject)
