"""Options that narrow what is walked and what is shown."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from aimsgraph.model.lineage import Direction
    from aimsgraph.trace import Filters

R = TypeVar("R")


class Narrowing(TypedDict):
    """What a question is narrowed to, as the words of :meth:`aimsgraph.engine.Graph.filters`."""

    along: tuple[str, ...]
    types: tuple[str, ...]
    areas: tuple[str, ...]
    only_through: bool


class Walk(TypedDict):
    """How a lineage is walked, as the words of :meth:`aimsgraph.engine.Graph.lineage`."""

    direction: Direction
    hops: int | None
    threats: bool
    filters: Filters
    date: date | None


along_option = click.option(
    "--along", multiple=True, metavar="PROPERTY",
    help="Walk only this property, those that specialise it, or a kind of flow (aims:Derivation); may be repeated.",
)  # fmt: skip
type_option = click.option(
    "--type", "types", multiple=True, metavar="CLASS",
    help="Show only nodes of this class or one below it; may be repeated.",
)  # fmt: skip
area_option = click.option(
    "--area", "areas", multiple=True, help="Show only nodes in this control area; may be repeated."
)
only_through_option = click.option(
    "--only-through", is_flag=True, help="Walk only through nodes that are shown (else through all)."
)


def filter_options(function: Callable[..., R]) -> Callable[..., R]:
    """Add the options to a command and hand it what was said as ``filters``."""

    @along_option
    @type_option
    @area_option
    @only_through_option
    @functools.wraps(function)
    def command(
        along: tuple[str, ...],
        types: tuple[str, ...],
        areas: tuple[str, ...],
        only_through: bool,
        **words: Any,
    ) -> R:
        said = Narrowing(along=along, types=types, areas=areas, only_through=only_through)
        return function(filters=said, **words)

    return command


def shown_options(function: Callable[..., R]) -> Callable[..., R]:
    """Add those that narrow what is walked and shown, where there is no walk to be narrowed to what is shown."""

    @along_option
    @type_option
    @area_option
    @functools.wraps(function)
    def command(along: tuple[str, ...], types: tuple[str, ...], areas: tuple[str, ...], **words: Any) -> R:
        return function(filters=Narrowing(along=along, types=types, areas=areas, only_through=False), **words)

    return command
