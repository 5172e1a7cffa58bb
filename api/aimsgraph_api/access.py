"""Who is asking, and whether they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request, params
from fastapi.openapi.models import HTTPBase
from fastapi.security.base import SecurityBase

from aimsgraph.errors import NotPermittedError
from aimsgraph.model.access import Permission, Principal
from aimsgraph_api.recognition import recognition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi.dependencies.models import Dependant


class _Way(SecurityBase):
    """A way to say who asks, for the OpenAPI document alone."""

    def __init__(self, scheme: str, description: str) -> None:
        self.model = HTTPBase(scheme=scheme, description=description)
        self.scheme_name = scheme

    async def __call__(self) -> None:
        """Do nothing: :func:`principal` looks at all ways at once."""


BEARER = _Way(
    "bearer", "A key that `aimsgraph access add` made, or a token (JWT) of an issuer of the access file."
)
BASIC = _Way("basic", "The name of a key, and the key as password, for programs that know no other way.")


async def principal(
    request: Request, _bearer: Annotated[None, Depends(BEARER)], _basic: Annotated[None, Depends(BASIC)]
) -> Principal:
    """Return who is asking.

    :raises NotRecognisedError: nobody is served so.
    :raises TooManyAttemptsError: too many wrong keys come from the same address.
    """
    return await recognition(request).principal(request.scope)


PrincipalDependency = Annotated[Principal, Depends(principal)]


def allowed(permission: Permission) -> Callable[[Principal], Principal]:
    """Return a dependency that lets nobody pass whose role does not permit it.

    :raises NotPermittedError: from the dependency.
    """

    def check(asking: PrincipalDependency) -> Principal:
        if not asking.may(permission):
            raise NotPermittedError(
                f"The role {asking.role} does not permit this ({permission}).",
                hint="Ask whoever runs this server for a key of another role.",
            )
        return asking

    check.__dict__["permission"] = permission
    return check


def may(permission: Permission) -> params.Depends:
    """Return the same as an item of a route's or router's ``dependencies``."""
    check = allowed(permission)

    async def at_once(asking: PrincipalDependency) -> Principal:
        return check(
            asking
        )  # within the event loop: a thread for each request would cost more than the check

    at_once.__dict__["permission"] = permission
    return params.Depends(at_once)


def permission_of(dependency: Callable[..., Any]) -> Permission | None:
    """Return the permission that a dependency asks for, or None."""
    found: Permission | None = getattr(dependency, "permission", None)
    return found


def permissions_of(dependant: Dependant) -> Iterator[Permission]:
    """Yield the permissions that a route asks for, by what it depends on."""
    for one in dependant.dependencies:
        found = permission_of(one.call) if one.call is not None else None
        if found is not None:
            yield found
        yield from permissions_of(one)
