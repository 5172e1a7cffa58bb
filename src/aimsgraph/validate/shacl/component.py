"""Constraint components that shape files define themselves, by a query with parameters (SHACL, section 6)."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from rdflib import RDF, RDFS, SH, Literal

from aimsgraph.tokens import Token
from aimsgraph.validate.shacl.embedded import prefixes_of
from aimsgraph.validate.shacl.fault import fault
from aimsgraph.validate.shacl.group import Group, parsed, written
from aimsgraph.validate.shacl.question import ForbiddenError, refuse
from aimsgraph.validate.shacl.sparql import asked_for_all
from aimsgraph.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from aimsgraph.validate.shacl.result import Result
    from aimsgraph.validate.shacl.site import Site

Bound = dict[str, "Node"]


def component_results(
    site: Site, given: Mapping[tuple[str, str], str], told: Any
) -> Iterator[tuple[Node, Result]]:
    """Yield root and result of all that breaks a component defined in the shapes graph and used by the shape.

    :raises SyntaxProblemError: a component has no validator that fits, or its query cannot be used.
    """
    for component in components_of(site.shapes):
        for bound in _parameters(site, component):
            validator = _validator(site.shapes, component, on_property=site.path is not None)
            if validator is None:
                raise fault(site.shapes, site.shape, f"The component {component} has no validator that fits")
            if (validator, SH.ask, None) in site.shapes:
                yield from _by_ask(site, component, validator, bound, told)
            else:
                text = str(site.shapes.value(validator, SH.select) or "")
                found = [
                    _filled(token, _texts(site, bound))
                    for token in prefixes_of(site.shapes, validator).tokens(text)
                ]
                yield from asked_for_all(
                    site, found, given, told, component=component, constraint=validator, also=bound
                )


def components_of(shapes: Graph) -> list[Node]:
    """Return the components that a shapes graph defines, in a fixed order."""
    kinds = set(shapes.transitive_subjects(RDFS.subClassOf, SH.ConstraintComponent))
    return sorted({one for kind in kinds for one in shapes.subjects(RDF.type, kind)}, key=str)


def _parameters(site: Site, component: Node) -> Iterator[Bound]:
    """Yield each choice of values that the shape gives to the parameters; nothing when one is missing."""
    names: list[str] = []
    choices: list[list[Node]] = []
    for parameter in sorted(site.shapes.objects(component, SH.parameter), key=str):
        path = site.shapes.value(parameter, SH.path)
        values = sorted(site.shapes.objects(site.shape, path), key=str) if path is not None else []
        optional = site.shapes.value(parameter, SH.optional)
        if values:
            names.append(local_name(str(path)))
            choices.append(values)
        elif not (isinstance(optional, Literal) and optional.value is True):
            return
    if names:
        for chosen in product(*choices):
            yield dict(zip(names, chosen, strict=True))


def _validator(shapes: Graph, component: Node, *, on_property: bool) -> Node | None:
    own = SH.propertyValidator if on_property else SH.nodeValidator
    return shapes.value(component, own) or shapes.value(component, SH.validator)


def _by_ask(
    site: Site, component: Node, validator: Node, bound: Bound, told: Any
) -> Iterator[tuple[Node, Result]]:
    """Yield the values for which the question is answered with no."""
    text = str(site.shapes.value(validator, SH.ask))
    names = {"this": f"?{site.context.focus}", "value": f"?{site.value}"} | _texts(site, bound)
    found = prefixes_of(site.shapes, validator).tokens(text)
    try:
        refuse(found)
    except ForbiddenError as error:
        raise fault(site.shapes, site.shape, f"its SPARQL cannot be used: {error}") from error
    asked = [_filled(token, names) for token in found]
    body = next((item for item in parsed(asked).items if isinstance(item, Group)), None)
    if body is None:
        raise fault(site.shapes, site.shape, "the question of its component has no pattern")
    for root, focus, value in site.wrong_values(f"FILTER NOT EXISTS {{ {written(body)} }}"):
        yield root, told(component, focus, value, constraint=validator, bound=bound)


def _texts(site: Site, bound: Bound) -> dict[str, str]:
    return {name: site.text_of(term) for name, term in bound.items()}


def _filled(token: Token, names: Mapping[str, str]) -> Token:
    if token.kind == "var" and token.text[1:] in names:
        return Token("string", names[token.text[1:]], token.start)
    return token
