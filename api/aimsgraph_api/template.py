"""The route that a request took, as the documentation writes it: ``/api/v1/queries/{id}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.routing import iter_route_contexts

if TYPE_CHECKING:
    from starlette.types import Scope


def template(scope: Scope) -> str | None:
    """Return the template of the route of a request that was answered, or None where there was none."""
    route = scope.get("route")
    if route is None:
        return None
    app = scope["app"]
    if not hasattr(app.state, "templates"):
        # A route knows its path within its router alone; where that is included the application knows.
        app.state.templates = {
            id(one.original_route): one.path_format for one in iter_route_contexts(app.routes)
        }
    found: str | None = app.state.templates.get(id(route))
    return found
