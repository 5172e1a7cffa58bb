"""A sketch written as a Mermaid flowchart, for places that draw Mermaid themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.render.flow import flow
from aimsgraph.render.style import class_of, style_of

if TYPE_CHECKING:
    from aimsgraph.render.sketch import Box, Sketch

_BRACKETS: Final = {
    "cylinder": ("[(", ")]"),
    "hexagon": ("{{", "}}"),
    "component": ("[[", "]]"),
    "ellipse": ("([", "])"),
    "egg": ("([", "])"),
    "octagon": ("{", "}"),
    "house": ("[/", "\\]"),
    "invhouse": ("[\\", "/]"),
    "trapezium": ("[/", "\\]"),
    "invtrapezium": ("[\\", "/]"),
    "parallelogram": ("[/", "/]"),
}
_ARROWS: Final = {"assessed": "-->", "default": "-.->", "unknown": "-.->", None: "-->"}


def to_mermaid(drawn: Sketch) -> str:
    """Return the flowchart with the title as front matter; labels are quoted and their marks escaped."""
    title = drawn.title.replace("\\", "\\\\").replace('"', '\\"')
    out = ["---", f'title: "{title}"', "---", f"flowchart {flow(drawn).direction}"]
    out += [f"  %% {line}" for line in drawn.subtitle.splitlines()]
    out += [_box(box) for box in drawn.boxes]
    for line in drawn.lines:
        said = " · ".join(part for part in (line.words, line.number, " ".join(line.guards)) if part)
        out.append(f'  {line.source} {_ARROWS[line.basis]}|"{_quoted(said)}"| {line.target}')
    for curie in drawn.types:
        hue = style_of(curie).hue
        out.append(f"  classDef {class_of(curie)} fill:{hue.fill},stroke:{hue.outline},color:#1b1f24")
    return "\n".join(out) + "\n"


def _box(box: Box) -> str:
    left, right = _BRACKETS.get(style_of(box.type).shape, ("[", "]"))
    words = "<br/>".join(_quoted(part) for part in (box.caption, box.label, box.note) if part)
    return f'  {box.name}{left}"{words}"{right}:::{class_of(box.type)}'


def _quoted(text: str) -> str:
    # Mermaid has no escape character; it reads #35; as the character with that number.
    return "".join(f"#{ord(c)};" if c in '"#<>&`\\{}[]()|;' else c for c in text)
