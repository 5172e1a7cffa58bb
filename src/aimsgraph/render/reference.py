"""The reference of the ontology as HTML pages that need nothing but each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from aimsgraph.errors import MissingExtraError
from aimsgraph.render.module_diagram import module_diagram
from aimsgraph.render.report import environment
from aimsgraph.vocab import AIMS, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aimsgraph.model.reference import Link, Module, Reference, Term

_KINDS: Final = (
    ("class", "Classes"),
    ("object property", "Properties that connect"),
    ("datatype property", "Properties that take a value"),
    ("annotation", "Annotations"),
)


def reference_pages(reference: Reference) -> dict[str, str]:
    """Return the pages by file name.

    They are ``index.html``, ``explorer.html``, one per module, catalogue and crosswalk, one for the shapes of each
    area and one for those of form. The pages link to each other by relative names; nothing is fetched from
    anywhere. A diagram that cannot be drawn here for lack of Graphviz is given as DOT text.
    """
    places = dict(_places(reference))
    mapped = _mapped(reference)
    jinja = environment()
    jinja.filters |= {
        "local": local_name,
        "anchor": _anchor,
        "sum_of": lambda found, name: sum(len(getattr(o, name)) for o in found),
    }
    jinja.globals |= {
        "reference": reference,
        "href": places.get,
        "forms_in": lambda name: _forms(reference, name),
        "mapped": lambda iri: mapped.get(iri, ()),
        "count": lambda kind: sum(t.kind == kind for module in reference.modules for t in module.terms),
        "kinds": _KINDS,
    }
    styles = ("report.css", "reference/reference.css")
    pages = {
        "style.css": "".join(jinja.get_template(name).render() for name in styles),
        "index.html": jinja.get_template("reference/index.html.j2").render(),
        "explorer.html": jinja.get_template("reference/explorer.html.j2").render(),
    }
    for module in reference.modules:
        picture, dot = _picture(module)
        page = jinja.get_template("reference/module.html.j2")
        pages[f"module-{module.name}.html"] = page.render(module=module, picture=picture, dot=dot)
    for group in reference.shapes:
        page = jinja.get_template("reference/shapes.html.j2")
        pages[f"shapes-{group.name}.html"] = page.render(group=group)
    for catalogue in reference.catalogues:
        page = jinja.get_template("reference/catalogue.html.j2")
        pages[f"catalogue-{catalogue.name}.html"] = page.render(catalogue=catalogue)
    for crosswalk in reference.crosswalks:
        page = jinja.get_template("reference/crosswalk.html.j2")
        pages[f"crosswalk-{crosswalk.name}.html"] = page.render(crosswalk=crosswalk)
    return pages


def _places(reference: Reference) -> Iterable[tuple[str, str]]:
    """Yield where each term, entry and area is explained; what comes later goes before."""
    for area in reference.areas:
        yield area.id, f"explorer.html#{area.name}"
    for catalogue in reference.catalogues:
        for entry in catalogue.entries:
            if not entry.id.startswith("https://w3id.org/aimsgraph/area/"):
                yield entry.id, f"catalogue-{catalogue.name}.html#{local_name(entry.id)}"
    for group in reference.shapes:
        for shape in group.shapes:
            yield shape.id, f"shapes-{group.name}.html#{shape.name}"
    for module in reference.modules:
        for term in module.terms:
            yield term.id, f"module-{module.name}.html#{_anchor(term)}"


def _anchor(term: Term) -> str:
    """Return the mark of a term on its page: its name, with the prefix where it is of another vocabulary."""
    return local_name(term.id) if term.id.startswith(AIMS) else term.curie.replace(":", "-")


def _forms(reference: Reference, name: str) -> list[Link]:
    """Return the shapes of an area that stand on another page: those about the form of the data."""
    here = {shape.id for group in reference.shapes if group.name == name for shape in group.shapes}
    return [
        link for area in reference.areas if area.name == name for link in area.shapes if link.id not in here
    ]


def _mapped(reference: Reference) -> dict[str, tuple[Link, ...]]:
    found: dict[str, dict[str, Link]] = {}
    for crosswalk in reference.crosswalks:
        for line in crosswalk.lines:
            found.setdefault(line.source.id, {})[line.target.id] = line.target
            found.setdefault(line.target.id, {})[line.source.id] = line.source
    return {iri: tuple(links.values()) for iri, links in found.items()}


def _picture(module: Module) -> tuple[Markup | None, str | None]:
    diagram = module_diagram(module)
    if diagram is None:
        return None, None
    try:
        return Markup(diagram.svg()), None  # noqa: S704 (an SVG of ours, its texts escaped)
    except MissingExtraError:
        return None, diagram.dot
