"""Routes that take the parameters that they declare, and no others: what is misspelt would else be passed over."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query
from fastapi.routing import APIRoute, get_request_handler

from aimsgraph_api.access import allowed, permissions_of
from aimsgraph_api.problems import STRANGE
from aimsgraph_api.recognition import recognition

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from fastapi import Request, Response
    from fastapi.dependencies.models import Dependant

#: So many wrong names are told of one request: comparing names takes time.
_MOST: Final = 20


class Declared(APIRoute):
    """A route that refuses parameters in the URL that it does not declare, and those given twice that it takes once.

    Who may not ask at all is told that first; all other faults of the request are told together with these.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, which looks at its parameters before all else."""
        answer, taken = super().get_route_handler(), _Taken(self)

        async def looked_at(request: Request) -> Response:
            if request.scope["query_string"] and (faults := list(islice(taken.faults(request), _MOST))):
                await taken.refuse(request, faults)
            return await answer(request)

        return looked_at


class _Taken:
    """The parameters that a route takes, and how to refuse others."""

    def __init__(self, route: APIRoute) -> None:
        declared = [
            one.field_info for one in get_flat_params(route.dependant) if isinstance(one.field_info, Query)
        ]
        self._repeated = {str(one.alias): _is_list(one.annotation) for one in declared}
        self._permissions = tuple(permissions_of(route.dependant))
        self._rest = get_request_handler(
            _idle(route.dependant), body_field=route.body_field, embed_body_fields=route._embed_body_fields
        )

    def faults(self, request: Request) -> Iterator[dict[str, Any]]:
        """Yield what is wrong with the names of the parameters of a request."""
        for name, count in Counter(name for name, _ in request.query_params.multi_items()).items():
            repeated = self._repeated.get(name)
            if repeated is None:
                yield self._fault(name, f"there is no such parameter ({self._told()})", self._near(name))
            elif count > 1 and not repeated:
                yield self._fault(name, "it is given twice")

    async def refuse(self, request: Request, faults: list[dict[str, Any]]) -> None:
        """Refuse a request for these faults, and all others that its values have; nothing else is done for it.

        :raises NotRecognisedError, NotPermittedError: nor may it be asked.
        :raises RequestValidationError: with all faults.
        """
        if self._permissions:
            asking = await recognition(request).principal(request.scope)
            for permission in self._permissions:
                allowed(permission)(asking)
        try:
            await self._rest(request)
        except RequestValidationError as error:
            faults = [*faults, *error.errors()]
        raise RequestValidationError(faults)

    def _told(self) -> str:
        return f"there are {', '.join(sorted(self._repeated))}" if self._repeated else "there are none here"

    def _near(self, name: str) -> str | None:
        return next(
            iter(difflib.get_close_matches(name[:100].lower(), self._repeated, n=1, cutoff=0.5)), None
        )

    @staticmethod
    def _fault(name: str, said: str, near: str | None = None) -> dict[str, Any]:
        return {"type": STRANGE, "loc": ("query", name), "msg": said, "ctx": {"near": near}}


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(get_origin(one) is list for one in get_args(annotation))


def _idle(dependant: Dependant) -> Dependant:
    """Return the same, of which only the values are looked at: nothing that would be done with them is."""
    return replace(dependant, call=_nothing, dependencies=[_idle(one) for one in dependant.dependencies])


async def _nothing(**_values: object) -> None:
    pass
