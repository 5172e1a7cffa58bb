from __future__ import annotations

import pytest

from aimsgraph.model.reference import Link, Module, Reference, Term
from aimsgraph.reference import read_reference
from aimsgraph.render.module_diagram import module_diagram
from aimsgraph.render.reference import reference_pages
from tests.unit.render.test_report import ATTACK, Page


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference()


@pytest.fixture(scope="module")
def pages(reference: Reference) -> dict[str, Page]:
    return {name: Page(text) for name, text in reference_pages(reference).items() if name.endswith(".html")}


def a_term(name: str, kind: str, *, domain: tuple[Link, ...] = (), range: tuple[Link, ...] = ()) -> Term:
    return Term.model_validate({
        "id": f"https://example.org/{name}", "curie": f"ex:{name}", "kind": kind, "label": name,
        "definition": ATTACK, "status": None, "since": None, "deprecated": False, "broader": (), "narrower": (),
        "domain": domain, "range": range, "disjoint": (), "traits": (), "flow": None, "matches": (),
        "shapes": (), "queries": (), "note": None,
    })  # fmt: skip


def a_link(name: str) -> Link:
    return Link(id=f"https://example.org/{name}", curie=f"ex:{name}", label=name)


def a_module(*terms: Term) -> Module:
    return Module(
        id="https://example.org/", name="own", title=ATTACK, description="", version="1", terms=terms
    )


def test_there_is_a_page_for_each_module_catalogue_crosswalk_and_area_of_shapes(
    reference: Reference, pages: dict[str, Page]
):
    wanted = {f"module-{one.name}.html" for one in reference.modules}
    wanted |= {f"catalogue-{one.name}.html" for one in reference.catalogues}
    wanted |= {f"crosswalk-{one.name}.html" for one in reference.crosswalks}
    wanted |= {f"shapes-{one.name}.html" for one in reference.shapes}
    assert len(wanted) >= 36
    assert set(pages) == wanted | {"index.html", "explorer.html"}


def test_every_link_leads_to_a_page_and_a_place_on_it(pages: dict[str, Page]):
    lost = []
    for name, page in pages.items():
        for link in page.links:
            if "://" not in link:
                target, _, place = link.partition("#")
                if target not in pages or (place and place not in pages[target].ids):
                    lost.append((name, link))
    assert lost == []
    assert sum(len(page.links) for page in pages.values()) > 500


def test_ids_are_unique_on_every_page(pages: dict[str, Page]):
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), name


def test_the_pages_load_nothing_but_their_own_style(pages: dict[str, Page]):
    assert {load for page in pages.values() for load in page.loads} == {"style.css", "data:,"}
    assert [name for name, page in pages.items() if page.handlers] == []


def test_the_explorer_has_a_row_for_everything_in_an_area(reference: Reference, pages: dict[str, Page]):
    expected = sum(
        len(group)
        for area in reference.areas
        for group in (area.clauses, area.controls, area.shapes, area.queries, area.classes)
    )
    assert pages["explorer.html"].tags.count("tr") == expected + len(reference.areas) + 2


def test_every_shape_is_explained_once_and_named_by_explorer_terms_and_requirements(
    reference: Reference, pages: dict[str, Page]
):
    places = [f"shapes-{group.name}.html#{one.name}" for group in reference.shapes for one in group.shapes]
    assert len(places) == len(set(places)) >= 181
    assert set(places) <= set(pages["explorer.html"].links)
    treated = "shapes-ai-risk-management.html#RiskTreated"
    assert treated in pages["module-risk.html"].links
    assert treated in pages["catalogue-iso42001.html"].links
    back = pages["shapes-ai-risk-management.html"].links
    assert {"module-risk.html#Risk", "module-risk.html#treatment"} <= set(back)
    assert {"catalogue-iso42001.html#6.1.3", "explorer.html#ai-risk-management"} <= set(back)


def test_shapes_without_examples_are_explained_all_the_same(reference: Reference):
    (group,) = [one for one in reference.shapes if one.name == "data-governance"]
    bare = [shape.model_copy(update={"examples": ()}) for shape in group.shapes]
    alone = reference.model_copy(update={"shapes": (group.model_copy(update={"shapes": tuple(bare)}),)})
    assert "✓" in reference_pages(reference)["shapes-data-governance.html"]
    page = reference_pages(alone)["shapes-data-governance.html"]
    assert "Data set has a licence" in page
    assert "In the examples" not in page
    assert "✓" not in page


def test_what_a_file_says_is_never_taken_for_markup(reference: Reference):
    hostile = reference.model_copy(update={"modules": (a_module(a_term("x", "class")),), "title": ATTACK})
    for name, text in reference_pages(hostile).items():
        assert "<script>alert" not in text, name
        assert "<img src=x" not in text, name


def test_a_module_diagram_draws_classes_and_names_what_connects_them():
    cat, dog = a_link("cat"), a_link("dog")
    module = a_module(
        a_term("cat", "class"), a_term("dog", "class"),
        a_term("chases", "object property", domain=(dog,), range=(cat,)),
        a_term("fears", "object property", domain=(dog,), range=(cat,)),
    )  # fmt: skip
    diagram = module_diagram(module)
    assert diagram is not None
    (line,) = diagram.sketch.lines
    assert line.words == "chases, fears"
    assert [box.label for box in diagram.sketch.boxes] == ["cat", "dog"]


def test_a_property_between_everything_is_named_and_not_drawn():
    many = tuple(a_link(f"c{number}") for number in range(3))
    module = a_module(
        a_term("touches", "object property", domain=many, range=many),
        a_term("rules", "object property", domain=many[:1], range=many[1:2]),
    )
    diagram = module_diagram(module)
    assert diagram is not None
    assert len(diagram.sketch.lines) == 1
    assert diagram.sketch.subtitle.endswith("touches.")


def test_a_module_that_connects_nothing_has_no_diagram():
    assert module_diagram(a_module(a_term("alone", "class"))) is None
