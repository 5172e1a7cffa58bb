"""Graphviz's SVG made accessible, theme-aware and the same every time."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from aimsgraph.render.dot import legend_notes
from aimsgraph.render.style import GUARD, LIGHT, dark_css
from aimsgraph.render.words import type_words

if TYPE_CHECKING:
    from aimsgraph.render.sketch import Sketch

_NAMESPACE: Final = "{http://www.w3.org/2000/svg}"
_PIXELS_PER_POINT: Final = 4 / 3
# Half the height of Helvetica's capitals, in em: what a baseline lies below the middle of the letters.
_HALF_CAPITAL: Final = 0.36
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")


def finished(svg: str, drawn: Sketch) -> str:
    """Return the document with title, description, readable part names, classes and the dark scheme.

    Comments and the XML prologue go (they carry Graphviz's version), so the result may stand inside HTML; ids
    get a prefix from the picture's content, so that several pictures may stand in one page.
    """
    root = ElementTree.fromstring(svg)  # noqa: S314 (Graphviz wrote it just now, from escaped labels)
    details = "".join(box.detail for box in drawn.boxes)
    mark = "d" + hashlib.sha256((repr(drawn) + details).encode()).hexdigest()[:10]
    for element in root.iter():
        element.tag = element.tag.removeprefix(_NAMESPACE)
        if "id" in element.attrib:
            element.set("id", f"{mark}-{element.get('id')}")
        for ink in ("fill", "stroke"):
            if element.get(ink) == "transparent":  # as Graphviz 2.43 writes it
                element.set(ink, "none")
        if element.get("fill") == LIGHT.muted:
            element.set("class", "muted")
        if element.tag == "text":
            element.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
    _set_texts(root)
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
    guarding = [GUARD] if drawn.gates() and GUARD not in drawn.types else []
    style.text = dark_css([*drawn.types, *guarding])
    root[:0] = [title, description, style]
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _set_texts(root: ElementTree.Element) -> None:
    """Put every text where its cell is, whatever width the fonts of this machine gave it.

    Each text follows the outline of its cell. Node and edge labels are centred, title and legend are not.
    """
    for group in root.iter("g"):
        classes = (group.get("class") or "").split()
        centred = ("node" in classes or "edge" in classes) and "legend" not in classes
        before: ElementTree.Element | None = None
        for element in list(group):
            if element.tag == "text" and before is not None:
                left, right, top, bottom = _bounds(before)
                size = float(element.get("font-size", "0"))
                element.set("text-anchor", "middle" if centred else "start")
                element.set("x", f"{(left + right) / 2 if centred else left:.2f}")
                element.set("y", f"{(top + bottom) / 2 + _HALF_CAPITAL * size:.2f}")
                if before.get("stroke") == "none":
                    group.remove(before)
            before = element if element.tag in ("polygon", "path") else None


def _bounds(shape: ElementTree.Element) -> tuple[float, float, float, float]:
    """Return least and greatest x, then least and greatest y, of a polygon or path in absolute coordinates."""
    numbers = [float(n) for n in _NUMBER.findall(shape.get("points") or shape.get("d") or "")]
    across, down = numbers[::2], numbers[1::2]
    return min(across), max(across), min(down), max(down)


def _name_parts(root: ElementTree.Element, drawn: Sketch) -> None:
    boxes = {box.name: box for box in drawn.boxes}
    gates = {gate.name: gate for gate in drawn.gates().values()}
    labels = {name: box.label for name, box in boxes.items()}
    labels |= {name: f"{labels[gate.source]}, past {' '.join(gate.codes)}" for name, gate in gates.items()}
    told = {guard.code: f"{guard.code}: {guard.label}" for guard in drawn.guards}
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
            title.text = " · ".join(part for part in (box.label, box.caption, box.detail, box.note) if part)
            group.set("data-node", box.key)
        elif title.text in gates:
            codes = gates[title.text].codes
            title.text = ". ".join(told.get(code.rstrip("!"), f"{code} controls") for code in codes)
            group.set("data-gate", " ".join(codes))
        elif arrow and tail in labels and head in boxes:
            title.text = f"{labels[tail]} → {labels[head]}"
        elif arrow and head in gates:
            title.text = labels[head]
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
