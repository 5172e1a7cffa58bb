"""Routes that have the beginning of their paths in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.routing import Match

if TYPE_CHECKING:
    from starlette.types import Scope


class Branch(APIRouter):
    """A router of which no route is looked at unless ``common``, a part of all their paths, is in that of a request."""

    def __init__(self, common: str, **given: Any) -> None:
        super().__init__(**given)
        self._common = common

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether a request is for one of the routes."""
        if self._common not in scope.get("path", ""):
            return Match.NONE, {}
        return super().matches(scope)
