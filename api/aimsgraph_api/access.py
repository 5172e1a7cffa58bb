"""Who is asking, and whether they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request, params

from aimsgraph.errors import NotPermittedError, NotRecognisedError
from aimsgraph.model.access import Permission, Principal
from aimsgraph_api.session import session

if TYPE_CHECKING:
    from collections.abc import Callable


def principal(request: Request) -> Principal:
    """Return who is asking.

    :raises NotRecognisedError: nobody is served unnamed here.
    """
    role = session(request).settings.anonymous
    if role is None:
        raise NotRecognisedError(
            "This server must know who asks.", hint="Send a key: Authorization: Bearer KEY."
        )
    return Principal("anonymous", role)


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
    return params.Depends(allowed(permission))


def permission_of(dependency: Callable[..., Any]) -> Permission | None:
    """Return the permission that a dependency asks for, or None."""
    found: Permission | None = getattr(dependency, "permission", None)
    return found
