"""Saved questions, and SPARQL of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import quote

from aimsgraph.client import answer
from aimsgraph.client.answer import Answer
from aimsgraph.client.problem import broken
from aimsgraph.client.routes import API, Routes, told
from aimsgraph.model.question import Catalogue, SavedQuery

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    import requests

    from aimsgraph.client.answer import Row

_JSON: Final = "application/sparql-results+json"
#: N-Triples, which are Turtle too, are read and written quicker.
_TRIPLES: Final = ("application/n-triples", "text/turtle")
#: A table or a yes or no as JSON, else triples.
_EITHER: Final = f"{_JSON}, {_TRIPLES[0]};q=0.9, {_TRIPLES[1]};q=0.8"
_QUERY: Final = "application/sparql-query"


class Asking(Routes):
    """The questions with rows for an answer."""

    def questions(
        self, *, persona: str | None = None, area: str | None = None, text: str | None = None
    ) -> Catalogue:
        """List the saved questions: for a persona, of a control area, with words in them."""
        return self._get(Catalogue, "queries", persona=persona, area=area, text=text)

    def question(self, name: str) -> SavedQuery:
        """Return a saved question: what it means, what it takes, and its SPARQL.

        :raises QueryNotFoundError: no question is called that.
        """
        return self._get(SavedQuery, f"queries/{quote(name, safe='')}")

    def ask(self, question: str, /, **parameters: str | float | Decimal | bool | date | None) -> Answer:
        """Answer a saved question; its parameters are given by their names.

        :raises QueryNotFoundError: no question is called that.
        :raises QueryInvalidError, UsageError: a parameter is unknown, missing, or does not fit.
        """
        words = told(**{"as_of": self._moment, **parameters})
        path = f"{API}queries/{quote(question, safe='')}/results"
        return self._answer(self._connection.get(path, words, accept=_EITHER))

    def sparql(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Answer:
        """Answer a SPARQL query whole; the graphs (IRIs) of its dataset may be chosen.

        :raises QueryInvalidError, QueryRefusedError, TimeLimitError, LimitExceededError:
        """
        return self._answer(self._asked(text, default_graphs, named_graphs, _EITHER))

    def rows(
        self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Iterator[Row]:
        """Yield the rows of a SELECT as they come, however many; unbound columns are absent from a row.

        What is wrong with the query is raised at once; an answer that is cut off, at its end.

        :raises QueryInvalidError, QueryRefusedError, TimeLimitError, LimitExceededError, StoreUnusableError:
        """
        response = self._asked(text, default_graphs, named_graphs, _JSON)
        return self._streamed(response)

    def _asked(
        self, text: str, default_graphs: Sequence[str], named_graphs: Sequence[str], accept: str
    ) -> requests.Response:
        words = told(
            as_of=self._moment,
            **{"default-graph-uri": default_graphs, "named-graph-uri": named_graphs},
        )
        return self._connection.ask("/sparql", text.encode(), words, form=_QUERY, accept=accept)

    def _streamed(self, response: requests.Response) -> Iterator[Row]:
        try:
            yield from answer.rows(self._connection.portions(response))
        except ValueError as error:
            self._unreadable(error)
        finally:
            response.close()

    def _answer(self, response: requests.Response) -> Answer:
        portions = self._connection.portions(response)
        if response.headers.get("Content-Type", "").startswith(_TRIPLES):
            return Answer("triples", turtle=b"".join(portions).decode())
        try:
            return Answer.of_json(portions)
        except ValueError as error:
            self._unreadable(error)

    def _unreadable(self, error: ValueError) -> NoReturn:
        raise broken(self._connection.address, str(error)) from None
