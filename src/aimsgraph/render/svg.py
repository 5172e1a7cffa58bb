"""Graphviz's SVG made accessible, theme-aware and the same every time."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from aimsgraph.render.dot import legend_notes
from aimsgraph.render.style import LIGHT, dark_css
from aimsgraph.render.words import type_words

if TYPE_CHECKING:
    from aimsgraph.render.sketch import Sketch

_NAMESPACE: Final = "{http://www.w3.org/2000/svg}"
_PIXELS_PER_POINT: Final = 4 / 3


def finished(svg: str, drawn: Sketch) -> str:
    """Return the document with title, description, readable part names, classes and the dark scheme.

    Comments and the XML prologue go (they carry Graphviz's version), so the result may stand inside HTML; ids
    get a prefix from the picture's content, so that several pictures may stand in one page.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314 (Graphviz wrote it just now, from escaped labels)
    mark = "d" + hashlib.sha256(svg.encode()).hexdigest()[:10]
    for element in root.iter():
        element.tag = element.tag.removeprefix(_NAMESPACE)
        if "id" in element.attrib:
            element.set("id", f"{mark}-{element.get('id')}")
        if element.get("fill") == LIGHT.muted:
            element.set("class", "muted")
        if element.tag == "text":
            element.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
    _name_parts(root, drawn)
    _size(root)
    root.set("xmlns", _NAMESPACE.strip("{}"))
    root.set("class", "aims-diagram")
    root.set("role", "img")
    root.set("aria-labelledby", f"{mark}-title {mark}-desc")
    title = ElementTree.Element("title", {"id": f"{mark}-title"})
    title.text = drawn.title
    description = ElementTree.Element("desc", {"id": f"{mark}-desc"})
    description.text = _description(drawn)
    style = ElementTree.Element("style")
    style.text = dark_css(list(drawn.types))
    root[:0] = [title, description, style]
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _name_parts(root: ElementTree.Element, drawn: Sketch) -> None:
    boxes = {box.name: box for box in drawn.boxes}
    for group in root.iter("g"):
        title = group.find("title")
        if title is None or title.text is None:
            continue
        classes = (group.get("class") or "").split()
        tail, arrow, head = title.text.partition("->")
        if "graph" in classes:
            group.remove(title)  # the document has a title of its own
            ground = group.find("polygon")
            if ground is not None:
                ground.set("class", "ground")
        elif title.text in boxes:
            box = boxes[title.text]
            title.text = " · ".join(part for part in (box.label, box.caption, box.note) if part)
            group.set("data-node", box.key)
        elif arrow and tail in boxes and head in boxes:
            title.text = f"{boxes[tail].label} → {boxes[head].label}"
        else:
            title.text = "Legend"


def _size(root: ElementTree.Element) -> None:
    for side in ("width", "height"):
        points = float((root.get(side) or "0").removesuffix("pt"))
        root.set(side, f"{points * _PIXELS_PER_POINT:.0f}")


def _description(drawn: Sketch) -> str:
    kinds = ", ".join(type_words(curie) for curie in drawn.types)
    filtered = " ".join(drawn.subtitle.splitlines())
    told = " ".join(legend_notes(drawn))
    return f"{filtered} {len(drawn.boxes)} boxes ({kinds}) and {len(drawn.lines)} arrows. {told}".strip()
