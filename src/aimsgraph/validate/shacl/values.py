"""Constraints on each value: its kind, range, text, language and class (SHACL, sections 4.1, 4.3, 4.4 and 4.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from rdflib import SH, XSD, Literal, URIRef

from aimsgraph.validate.shacl.context import is_blank
from aimsgraph.validate.shacl.fault import fault

if TYPE_CHECKING:
    from rdflib.term import Node

    from aimsgraph.validate.shacl.site import Row, Site

Check = Callable[["Site"], Iterator["Row"]]

_COMPARED: Final = {
    SH.minExclusive: ">", SH.minInclusive: ">=", SH.maxExclusive: "<", SH.maxInclusive: "<=",
}  # fmt: skip
#: What a lexical form looks like when it is certainly of its datatype; any other is looked at one by one.
_DAY: Final = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
_TIME: Final = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?"
_CERTAIN: Final = {
    XSD.integer: "^[+-]?[0-9]+$",
    XSD.decimal: "^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$",
    XSD.boolean: "^(true|false|0|1)$",
    XSD.date: f"^{_DAY}$",
    XSD.dateTime: f"^{_DAY}T{_TIME}$",
}

#: Datatypes derived from xsd:integer: the least and the greatest value, None where a store's 64 bits draw the line.
_DERIVED: Final[dict[Node, tuple[int | None, int | None]]] = {
    XSD.long: (None, None), XSD.int: (-(2**31), 2**31 - 1), XSD.short: (-(2**15), 2**15 - 1), XSD.byte: (-128, 127),
    XSD.nonNegativeInteger: (0, None), XSD.positiveInteger: (1, None), XSD.nonPositiveInteger: (None, 0),
    XSD.negativeInteger: (None, -1), XSD.unsignedLong: (0, None), XSD.unsignedInt: (0, 2**32 - 1),
    XSD.unsignedShort: (0, 2**16 - 1), XSD.unsignedByte: (0, 255),
}  # fmt: skip


def class_of(site: Site) -> Iterator[Row]:
    """Yield values that are no instance of the class, or of a class below it."""
    for cls in site.parameters(SH["class"]):
        yield from site.wrong_values(
            f"{site.context.without} {{ {site.subclasses.instance(site.value, cls, few=site.context.few)} }}"
        )


def datatype(site: Site) -> Iterator[Row]:
    """Yield values that are no literals of the datatype, or are written as it does not allow."""
    for wanted in site.parameters(SH.datatype):
        name = site.value
        fits = _of_datatype(name, wanted, site.text_of(wanted))
        yield from site.wrong_values(f"FILTER (!COALESCE({fits}, false))")
        if not isinstance(wanted, URIRef) or wanted in {XSD.string, URIRef(f"{XSD}anyURI"), *_DERIVED}:
            continue
        certain = _CERTAIN.get(wanted)
        doubtful = f' && !REGEX(STR(?{name}), "{certain}")' if certain else ""
        found = site.wrong_values(
            f"FILTER (ISLITERAL(?{name}) && DATATYPE(?{name}) = {site.text_of(wanted)}{doubtful})"
        )
        yield from (row for row in found if isinstance(row[2], Literal) and _ill_typed(row[2]))


def _of_datatype(name: str, wanted: Node, text: str) -> str:
    """Return the condition that a variable is of a datatype; an own store keeps derived integers as xsd:integer."""
    if wanted not in _DERIVED:
        return f"DATATYPE(?{name}) = {text}"
    least, most = _DERIVED[wanted]
    within = f" && ?{name} >= {least}" if least is not None else ""
    within += f" && ?{name} <= {most}" if most is not None else ""
    return f"(DATATYPE(?{name}) IN ({text}, <{XSD.integer}>) && ISNUMERIC(?{name}){within})"


def _ill_typed(value: Literal) -> bool:
    return bool(Literal(str(value), datatype=value.datatype).ill_typed) if value.datatype else False


def node_kind(site: Site) -> Iterator[Row]:
    """Yield values that are not of the kind: IRI, blank node, literal, or one of two of them."""
    blank = is_blank(site.value)
    parts = {
        "IRI": f"(ISIRI(?{site.value}) && !{blank})",
        "BlankNode": blank,
        "Literal": f"ISLITERAL(?{site.value})",
    }
    for kind in site.parameters(SH.nodeKind):
        names = str(kind).removeprefix(str(SH)).split("Or")
        if not set(names) <= set(parts):
            raise fault(site.shapes, site.shape, f"{kind} is no kind of node")
        yield from site.wrong_values(f"FILTER (!({' || '.join(parts[name] for name in names)}))")


def compared(name: URIRef) -> Check:
    """Return the check of values against a bound, by SPARQL's ``<``: what cannot be compared does not keep to it."""

    def check(site: Site) -> Iterator[Row]:
        for bound in site.parameters(name):
            condition = f"?{site.value} {_COMPARED[name]} {site.text_of(bound)}"
            yield from site.wrong_values(f"FILTER (!COALESCE({condition}, false))")

    return check


def min_length(site: Site) -> Iterator[Row]:
    """Yield values whose text is too short; a blank node has none."""
    for least in site.parameters(SH.minLength):
        yield from _by_text(site, f"STRLEN(STR(?{site.value})) < {site.number(least)}")


def max_length(site: Site) -> Iterator[Row]:
    """Yield values whose text is too long; a blank node has none."""
    for most in site.parameters(SH.maxLength):
        yield from _by_text(site, f"STRLEN(STR(?{site.value})) > {site.number(most)}")


def pattern(site: Site) -> Iterator[Row]:
    """Yield values whose text does not match the regular expression.

    :raises SyntaxProblemError: the engine cannot read the expression.
    """
    flags = "".join(f", {Literal(str(flag)).n3()}" for flag in site.parameters(SH.flags))
    for expression in site.parameters(SH.pattern):
        asked = f"{Literal(str(expression)).n3()}{flags}"
        if not any(site.source.select(f'SELECT (REGEX("", {asked}) AS ?fits) WHERE {{}}')):
            raise fault(
                site.shapes, site.shape, f"The pattern {expression} is no regular expression that can be used"
            )
        yield from _by_text(site, f"!REGEX(STR(?{site.value}), {asked})")


def _by_text(site: Site, condition: str) -> Iterator[Row]:
    yield from site.wrong_values(f"FILTER ({is_blank(site.value)} || {condition})")


def language_in(site: Site) -> Iterator[Row]:
    """Yield values that are in none of the languages."""
    for languages in site.parameters(SH.languageIn):
        fits = " || ".join(
            f"LANGMATCHES(LANG(?{site.value}), {Literal(str(one)).n3()})" for one in site.members(languages)
        )
        yield from site.wrong_values(f"FILTER (!COALESCE({fits or 'false'}, false))")


def among(site: Site) -> Iterator[Row]:
    """Yield values that are not in the list, term by term."""
    for head in site.parameters(SH["in"]):
        listed = " ".join(site.text_of(member) for member in site.members(head))
        yield from site.wrong_values(f"MINUS {{ VALUES ?{site.value} {{ {listed} }} }}")


def has_value(site: Site) -> Iterator[Row]:
    """Yield nodes that lack the value."""
    for wanted in site.parameters(SH.hasValue):
        text = site.text_of(wanted)
        if site.path is None:
            yield from site.wrong_nodes(f"FILTER (!SAMETERM(?{site.context.focus}, {text}))")
        else:
            yield from site.wrong_nodes(site.lacking(f"FILTER (SAMETERM(?v, {text}))"))


def closed_rows(site: Site) -> Iterator[tuple[Node, Node, Node, Node]]:
    """Yield root, node, property and value of each statement that a closed shape does not list."""
    if not any(isinstance(on, Literal) and on.value is True for on in site.parameters(SH.closed)):
        return
    listed = {
        path
        for inner in site.shapes.objects(site.shape, SH.property)
        for path in site.shapes.objects(inner, SH.path)
        if isinstance(path, URIRef)
    }
    for head in site.parameters(SH.ignoredProperties):
        listed |= {member for member in site.members(head) if isinstance(member, URIRef)}
    allowed = ", ".join(sorted(term.n3() for term in listed))
    beyond = f"FILTER (?p NOT IN ({allowed}))" if allowed else ""
    names = site.context.names + ("" if site.path is None else " ?v")
    query = f"SELECT DISTINCT {names} ?p ?o WHERE {{ {site.values} ?{site.value} ?p ?o . {beyond} }}"
    for row in site.source.rows(query):
        yield row["r"], row[site.context.focus], row["p"], row["o"]
