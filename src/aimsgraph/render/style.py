"""Shape and colours of every type, in light and in dark.

Every type has its caption in the box and most a shape of their own, so that colour is never the only sign.
Text on fill and on ground keeps a contrast of 4.5 or more, outlines 3 or more (WCAG 2.2 AA), in both schemes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FONT: Final = "Helvetica,Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Scheme:
    """The ground and the inks of one colour scheme, as ``#rrggbb``."""

    ground: str
    text: str
    muted: str
    line: str
    panel: str


LIGHT: Final = Scheme(ground="#ffffff", text="#1b1f24", muted="#57606a", line="#6b7480", panel="#f6f8fa")
DARK: Final = Scheme(ground="#12161b", text="#eef1f4", muted="#aab4bf", line="#8d98a5", panel="#1a2027")


@dataclass(frozen=True, slots=True)
class Hue:
    """One colour: fill and outline in light, fill and outline in dark."""

    fill: str
    outline: str
    dark_fill: str
    dark_outline: str


@dataclass(frozen=True, slots=True)
class Style:
    """How a type is drawn: Graphviz shape, hue, and the room the shape needs around its text.

    ``wide`` and ``tall`` multiply the size of the text; ``left`` and ``top`` add points to it; ``lid`` adds points
    above it only.
    """

    shape: str
    hue: Hue
    wide: float = 1.0
    tall: float = 1.0
    left: float = 20.0
    top: float = 12.0
    lid: float = 0.0


_BLUE: Final = Hue("#e3f0ff", "#1f6fc2", "#12304f", "#6cb2ff")
_VIOLET: Final = Hue("#efe8ff", "#7a4fd0", "#2f2355", "#b79bff")
_ORCHID: Final = Hue("#fbe8f8", "#a8439a", "#431d3d", "#e792da")
_TEAL: Final = Hue("#dcf5f1", "#12796c", "#0d3a35", "#4fcdbb")
_GREEN: Final = Hue("#e4f5df", "#3a7f2c", "#1c3a17", "#83cf73")
_AMBER: Final = Hue("#fff2d1", "#946200", "#40300a", "#e5b647")
_BROWN: Final = Hue("#f5ebe2", "#8a5a33", "#3a291b", "#d3a47b")
_RED: Final = Hue("#ffe6e3", "#c2362b", "#4d1b18", "#ff8f85")
_ORANGE: Final = Hue("#ffeadb", "#b4510b", "#472410", "#ffa468")
_SLATE: Final = Hue("#ebeff3", "#5b6774", "#29323b", "#a2afbc")

#: The type in whose colours the gates of controls are drawn.
GUARD: Final = "aims:Control"
OTHER: Final = Style("box", _SLATE)
STYLES: Final[dict[str, Style]] = {
    "aims:AISystem": Style("component", _TEAL, left=34),
    "aims:Model": Style("hexagon", _VIOLET, wide=1.12, left=34, top=14),
    "aims:ModelVersion": Style("box3d", _ORCHID, left=26, top=18),
    "aims:Dataset": Style("cylinder", _BLUE, top=16, lid=8),
    "aims:BusinessProcess": Style("parallelogram", _GREEN, wide=1.12, tall=1.1, left=50),
    "aims:AffectedParty": Style("ellipse", _AMBER, wide=1.32, tall=1.4, left=6, top=4),
    "aims:Supplier": Style("house", _BROWN, tall=1.7, top=8),
    "aims:Owner": Style("egg", _AMBER, wide=1.35, tall=1.4, left=10),
    "aims:Risk": Style("octagon", _RED, wide=1.1, tall=1.2, left=24),
    "aims:Control": Style("invhouse", _GREEN, tall=1.7, top=8),
    "aims:Evidence": Style("note", _SLATE, left=24),
    "aims:Assessment": Style("folder", _AMBER, top=20),
    "aims:RiskAssessment": Style("folder", _AMBER, top=20),
    "aims:ImpactAssessment": Style("folder", _AMBER, top=20),
    "aims:Audit": Style("folder", _AMBER, top=20),
    "aims:ManagementReview": Style("folder", _AMBER, top=20),
    "aims:Incident": Style("invtrapezium", _ORANGE, wide=1.5, left=24),
    "aims:CorrectiveAction": Style("trapezium", _GREEN, wide=1.5, left=24),
    "aims:Nonconformity": Style("septagon", _ORANGE, wide=1.35, tall=1.5),
    "aims:Requirement": Style("tab", _SLATE, top=20),
    "aims:ManagementSystem": Style("box", _TEAL),
}


def style_of(curie: str) -> Style:
    """Return the style of a type; a type of the organisation's own gets the plain box."""
    return STYLES.get(curie, OTHER)


def class_of(curie: str) -> str:
    """Return the CSS class of a type, of letters, digits and hyphens: ``aims:AISystem`` → ``t-AISystem``."""
    name = curie.removeprefix("aims:") or "other"
    return "t-" + "".join(
        character if character.isascii() and character.isalnum() else "-" for character in name
    )


def dark_css(types: list[str]) -> str:
    """Return the style sheet that turns a picture dark where the reader prefers it; print stays light."""
    rules = [
        f".aims-diagram .ground{{fill:{DARK.ground}}}",
        f".aims-diagram text{{fill:{DARK.text}}}",
        f".aims-diagram .muted{{fill:{DARK.muted}}}",
        f".aims-diagram .edge path,.aims-diagram .edge polygon{{stroke:{DARK.line}}}",
        f'.aims-diagram .edge polygon:not([fill="none"]){{fill:{DARK.line}}}',
        f".aims-diagram .edge text{{fill:{DARK.muted}}}",
        f".aims-diagram .cluster polygon,.aims-diagram .cluster path{{fill:{DARK.panel};stroke:{DARK.line}}}",
    ]
    shapes = ("path", "polygon", "ellipse", "polyline")
    for curie in types:
        hue, name = style_of(curie).hue, f".aims-diagram .{class_of(curie)} "
        rules.append(",".join(name + shape for shape in shapes) + f"{{stroke:{hue.dark_outline}}}")
        rules.append(
            ",".join(f'{name}{shape}:not([fill="none"])' for shape in shapes) + f"{{fill:{hue.dark_fill}}}"
        )
    return "@media screen and (prefers-color-scheme:dark){" + "".join(rules) + "}"
