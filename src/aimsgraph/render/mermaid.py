"""A sketch written as a Mermaid flowchart, for places that draw Mermaid themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.render.flow import flow
from aimsgraph.render.metrics import printable
from aimsgraph.render.style import GUARD, LIGHT, class_of, style_of

if TYPE_CHECKING:
    from aimsgraph.render.sketch import Box, Gate, Sketch

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
_GATE_CLASSES: Final = {True: "gate", False: "unverified"}
_ARROWS: Final = {"assessed": "-->", "default": "-.->", "unknown": "-.->", None: "-->"}


def to_mermaid(drawn: Sketch) -> str:
    """Return the flowchart with the title as front matter; labels are quoted and their marks escaped.

    A note in it says the filter, the date and what the codes of the controls mean.
    """
    title = drawn.title.replace("\\", "\\\\").replace('"', '\\"')
    out = ["---", f'title: "{title}"', "---", f"flowchart {flow(drawn).direction}"]
    out += [_box(box) for box in drawn.boxes]
    gates = drawn.gates()
    for gate in gates.values():
        out += _gate(gate)
    for line in drawn.lines:
        passed = gates.get((line.source, line.guards))
        said = " · ".join(part for part in (line.words, line.number) if part)
        source = passed.name if passed else line.source
        out.append(f'  {source} {_ARROWS[line.basis]}|"{_quoted(said)}"| {line.target}')
    told = [*drawn.subtitle.splitlines(), *(f"{guard.code}: {guard.label}" for guard in drawn.guards)]
    if told:
        out.append(f'  note["{"<br/>".join(_quoted(printable(text)) for text in told)}"]:::note')
    for curie in drawn.types:
        hue = style_of(curie).hue
        out.append(f"  classDef {class_of(curie)} fill:{hue.fill},stroke:{hue.outline},color:{LIGHT.text}")
    hue = style_of(GUARD).hue
    for holds, look in ((True, ""), (False, ",stroke-dasharray:4")):
        if any(gate.holds == holds for gate in gates.values()):
            name = _GATE_CLASSES[holds]
            out.append(f"  classDef {name} fill:{hue.fill},stroke:{hue.outline},color:{LIGHT.text}{look}")
    if told:
        out.append(
            f"  classDef note fill:{LIGHT.panel},stroke:{LIGHT.line},color:{LIGHT.text},text-align:left"
        )
    return "\n".join(out) + "\n"


def _gate(gate: Gate) -> list[str]:
    words = _quoted(" ".join(gate.codes))
    return [
        f'  {gate.name}[\\"{words}"/]:::{_GATE_CLASSES[gate.holds]}',
        f"  {gate.source} --- {gate.name}",
    ]


def _box(box: Box) -> str:
    left, right = _BRACKETS.get(style_of(box.type).shape, ("[", "]"))
    words = "<br/>".join(_quoted(part) for part in (box.caption, box.label, box.detail, box.note) if part)
    return f'  {box.name}{left}"{words}"{right}:::{class_of(box.type)}'


def _quoted(text: str) -> str:
    # Mermaid has no escape character; it reads #35; as the character with that number.
    return "".join(f"#{ord(c)};" if c in '"#<>&`\\{}[]()|;' else c for c in text)
