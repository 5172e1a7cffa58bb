"""What the methods of a client share: from words to a request, and from its answer to a value object."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from aimsgraph.errors import StoreUnusableError

if TYPE_CHECKING:
    import requests

    from aimsgraph.client.connection import Connection

API = "/api/v1/"
V = TypeVar("V", bound=BaseModel)


class Routes:
    """Asks the routes of one server, of the newest state or, with ``moment``, of an earlier one."""

    def __init__(self, connection: Connection, moment: str | None) -> None:
        self._connection = connection
        self._moment = moment

    def _get(self, kind: type[V], route: str, **words: object) -> V:
        parameters = told(as_of=self._moment, **words)
        return self._read(kind, self._connection.get(API + route, parameters))

    def _read(self, kind: type[V], response: requests.Response, *, without: tuple[str, ...] = ()) -> V:
        """Read a value object; ``without`` are parts that the server adds for those who follow addresses."""
        try:
            content = response.json()
            return kind.model_validate({name: part for name, part in content.items() if name not in without})
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            why = f"{first['msg']} ({'.'.join(map(str, first['loc'])) or 'the whole'})"
        except (ValueError, AttributeError):
            why = "it is no JSON object"
        raise StoreUnusableError(
            f"The server at {self._connection.address} answers in a form that is not known here: {why}.",
            hint="The server and this client are of different versions: bring both to the same.",
        )


def told(**words: object) -> dict[str, str | list[str]]:
    """Return parameters as an address has them; what is None is left out."""
    return {
        name: [_text(one) for one in word]
        if isinstance(word, Iterable) and not isinstance(word, str)
        else _text(word)
        for name, word in words.items()
        if word is not None
    }


def _text(word: object) -> str:
    if isinstance(word, bool):
        return "true" if word else "false"
    if isinstance(word, date | datetime):
        return word.isoformat()
    return str(word)
