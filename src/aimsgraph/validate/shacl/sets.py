"""Constraints on the values as a set: how many, in which languages, and against those of another property.

SHACL, sections 4.2, 4.4.4 and 4.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import SH, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib import URIRef

    from aimsgraph.validate.shacl.site import Row, Site

_OTHER = "other"


def min_count(site: Site) -> Iterator[Row]:
    """Yield nodes with too few values."""
    for term in site.parameters(SH.minCount):
        least = site.number(term)
        if least == 1 and site.path is not None:
            yield from site.wrong_nodes(site.lacking())
        elif least > 1:
            yield from _counted(site, f"< {least}")


def max_count(site: Site) -> Iterator[Row]:
    """Yield nodes with too many values."""
    for term in site.parameters(SH.maxCount):
        yield from _counted(site, f"> {site.number(term)}")


def _counted(site: Site, condition: str) -> Iterator[Row]:
    names, focus = site.context.names, site.context.focus
    yield from site.rows(
        f"SELECT {names} WHERE {{ {site.context.block} OPTIONAL {{ ?{focus} {site.path} ?v }} }} "
        f"GROUP BY {names} HAVING (COUNT(DISTINCT ?v) {condition})",
        None,
    )


def unique_lang(site: Site) -> Iterator[Row]:
    """Yield nodes with two values in one language, once for each such language."""
    if Literal(True) not in site.parameters(SH.uniqueLang):  # "1" does not count, says SHACL
        return
    names = site.context.names
    yield from site.rows(
        f'SELECT {names} ?tag WHERE {{ {site.values} FILTER (LANG(?{site.value}) != "") '
        f"BIND (LCASE(LANG(?{site.value})) AS ?tag) }} GROUP BY {names} ?tag HAVING (COUNT(DISTINCT ?v) > 1)",
        None,
    )


def equals(site: Site) -> Iterator[Row]:
    """Yield values that only one of the two has: those along the path, or those of the other property."""
    for other in site.parameters(SH.equals):
        name = site.value
        theirs = f"{site.context.block} ?{site.context.focus} <{other}> ?{_OTHER} ."
        yield from site.wrong_values(f"{site.context.without} {{ {_along(site, str(other), name)} }}")
        ours = f"{site.values} BIND (?{name} AS ?{_OTHER})"
        yield from site.rows(
            f"SELECT DISTINCT {site.context.names} ?{_OTHER} WHERE {{ {theirs} MINUS {{ {ours} }} }}", _OTHER
        )


def _along(site: Site, other: str, name: str) -> str:
    if name == site.context.focus:  # a node shape: the node is its own value
        return f"?{name} <{other}> ?{name} ."
    return f"?{site.context.focus} <{other}> ?{name} ."


def disjoint(site: Site) -> Iterator[Row]:
    """Yield values that the other property has as well."""
    for other in site.parameters(SH.disjoint):
        yield from site.wrong_values(_along(site, str(other), site.value))


def ordered(name: URIRef, sign: str) -> Callable[[Site], Iterator[Row]]:
    """Return the check that each value stands before each of the other property, by SPARQL's ``<`` or ``<=``."""

    def check(site: Site) -> Iterator[Row]:
        for other in site.parameters(name):
            condition = f"!COALESCE(?{site.value} {sign} ?{_OTHER}, false)"
            names = f"{site.context.names} ?{site.value}"
            yield from site.rows(
                f"SELECT DISTINCT {names} ?{_OTHER} WHERE {{ {site.values} "
                f"?{site.context.focus} <{other}> ?{_OTHER} . FILTER ({condition}) }}",
                site.value,
            )

    return check
