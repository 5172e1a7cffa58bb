"""A sketch written as DOT text, for Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimsgraph.render.flow import flow
from aimsgraph.render.metrics import balanced, printable, text_width, wrap
from aimsgraph.render.style import FONT, GUARD, LIGHT, class_of, style_of
from aimsgraph.render.words import type_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import graphviz

    from aimsgraph.render.flow import Direction, Flow
    from aimsgraph.render.sketch import Box, Gate, Guard, Line, Sketch

_LABEL: Final = 12.0
_SMALL: Final = 9.5
_TITLE: Final = 18.0
_SUBTITLE: Final = 11.0
_LEADING: Final = 1.25
_POINTS_PER_INCH: Final = 72
_LABEL_WIDTH: Final = 150.0
_EDGE_WIDTH: Final = 120.0
_LEGEND_WIDTH: Final = 210.0
_TITLE_WIDTH: Final = 620.0
# Graphviz writes such a cell's outline into an SVG as an invisible polygon, which tells where the cell is.
_SEE_THROUGH: Final = "#ffffff00"
_DASHES: Final = {"assessed": "solid", "default": "dashed", "unknown": "dotted"}


def to_dot(drawn: Sketch) -> str:
    """Return the DOT text: a header, the boxes, the arrows, then the legend, always in that order."""
    import graphviz  # only pictures need it

    lies, gates = flow(drawn), drawn.gates()
    graph = graphviz.Digraph(
        "aimsgraph",
        graph_attr={
            "rankdir": lies.direction,
            "bgcolor": LIGHT.ground,
            "fontname": FONT,
            "fontcolor": LIGHT.text,
            "labelloc": "t",
            "labeljust": "l",
            "label": _header(drawn.title, drawn.subtitle),
            "nodesep": "0.25",
            "ranksep": "0.25" if gates else "0.4",
            "pad": "0.2",
            "newrank": "true",
            "outputorder": "edgesfirst",
        },
        node_attr={"fontname": FONT, "fontcolor": LIGHT.text, "fontsize": f"{_LABEL:g}", "margin": "0"},
        edge_attr={
            "fontname": FONT,
            "fontcolor": LIGHT.muted,
            "fontsize": f"{_SMALL:g}",
            "color": LIGHT.line,
            "arrowsize": "0.7",
        },
    )
    for box in drawn.boxes:
        _add_box(graph, box)
    for gate in gates.values():
        _add_gate(graph, gate)
    for line in drawn.lines:
        _add_line(graph, line, gates.get((line.source, line.guards)), spaced=bool(gates))
    _stack(graph, lies.loose, lies.boxes_abreast)
    _add_legend(graph, drawn, lies)
    return str(graph.source)


def _header(title: str, subtitle: str) -> str:
    rows = [_cell(text, _TITLE, bold=True) for text in wrap(title, _TITLE_WIDTH, _TITLE, bold=True)]
    for paragraph in subtitle.splitlines():
        lines = wrap(printable(paragraph), _TITLE_WIDTH, _SUBTITLE)
        rows += [_cell(text, _SUBTITLE, ink=LIGHT.muted) for text in lines]
    return _table([*rows, _cell(" ", _SUBTITLE)])


def _add_box(graph: graphviz.Digraph, box: Box) -> None:
    style = style_of(box.type)
    texts = [(text, _SMALL, False) for text in wrap(box.caption, _LABEL_WIDTH, _SMALL)]
    texts += [(text, _LABEL, True) for text in balanced(box.label, _LABEL_WIDTH, _LABEL, bold=True)]
    for more in (box.detail, box.note):
        texts += [(text, _SMALL, False) for text in wrap(more, _LABEL_WIDTH, _SMALL)]
    rows = [_cell(text, size, bold=bold, align="CENTER") for text, size, bold in texts]
    width = max(text_width(text, size, bold=bold) for text, size, bold in texts)
    # The second outline of a box in focus lies inside the first, lid and all.
    lid, inside = (style.lid * 2, 8) if box.focus else (style.lid, 0)
    height = sum(size for _, size, _ in texts) * _LEADING + lid
    graph.node(
        box.name,
        label=_table([*_lid(lid), *rows]),
        shape=style.shape,
        style="filled,rounded" if style.shape == "box" else "filled",
        fillcolor=style.hue.fill,
        color=style.hue.outline,
        penwidth=f"{1 + 2 * box.weight:.2f}",
        peripheries="2" if box.focus else "1",
        fixedsize="true",
        width=_inches(width * style.wide + style.left + inside),
        height=_inches(height * style.tall + style.top + inside),
        **{"class": f"{class_of(box.type)} focus" if box.focus else class_of(box.type)},
    )


def _add_gate(graph: graphviz.Digraph, gate: Gate) -> None:
    """Draw the shield behind a box, through which the arrows pass that its controls guard."""
    _add_shield(graph, gate.name, " ".join(gate.codes), holds=gate.holds, bold=True)
    # The heavy weight keeps the shield close behind its box.
    graph.edge(gate.source, gate.name, arrowhead="none", penwidth="1.6", weight="20")


def _add_shield(graph: graphviz.Digraph, name: str, text: str, *, holds: bool, bold: bool = False) -> None:
    hue = style_of(GUARD).hue
    graph.node(
        name,
        label=_table([_cell(text, _SMALL, bold=bold, align="CENTER")]),
        shape="invhouse",
        style="filled" if holds else "dashed",
        fillcolor=hue.fill,
        color=hue.outline,
        penwidth="1.4",
        fixedsize="true",
        width=_inches(text_width(text, _SMALL, bold=bold) + 18),
        height=_inches(_SMALL * _LEADING * 1.7 + 6),
        **{"class": f"{class_of(GUARD)} gate"},
    )


def _add_line(graph: graphviz.Digraph, line: Line, gate: Gate | None, *, spaced: bool) -> None:
    said = f"{line.words} · {line.number}" if line.number else line.words
    cells = [_cell(text, _SMALL, align="CENTER", ink=LIGHT.muted) for text in wrap(said, _EDGE_WIDTH, _SMALL)]
    graph.edge(
        gate.name if gate else line.source,
        line.target,
        label=_table(cells),
        style=_DASHES[line.basis] if line.basis else "solid",
        penwidth="1.6" if gate else "1",
        # So that a shield, where there is one, has a rank of its own right behind its box.
        minlen="2" if spaced and not gate else None,
    )


def _add_legend(graph: graphviz.Digraph, drawn: Sketch, lies: Flow) -> None:
    types = drawn.types if drawn.sampled else ()
    samples = [f"legend{number}" for number in range(1, len(types) + 1)]
    with graph.subgraph(name="cluster_legend") as legend:
        legend.attr(
            label=_table([_cell("Legend", _LABEL, bold=True)]),
            labeljust="l",
            fontsize=f"{_LABEL:g}",
            color=LIGHT.line,
            fillcolor=LIGHT.panel,
            style="filled",
            penwidth="0.6",
            margin="12",
        )
        for name, curie in zip(samples, types, strict=True):
            style, caption = style_of(curie), type_words(curie)
            legend.node(
                name,
                label=_table([*_lid(style.lid), _cell(caption, _SMALL, align="CENTER")]),
                shape=style.shape,
                style="filled,rounded" if style.shape == "box" else "filled",
                fillcolor=style.hue.fill,
                color=style.hue.outline,
                fixedsize="true",
                width=_inches(text_width(caption, _SMALL) * style.wide + style.left),
                height=_inches((_SMALL * _LEADING + style.lid) * style.tall + style.top * 0.8),
                **{"class": class_of(curie)},
            )
        for holds, caption in _shields(drawn):
            samples.append(f"legend{len(samples) + 1}")
            _add_shield(legend, samples[-1], caption, holds=holds)
        blocks = [
            [_cell(text, _SMALL) for text in balanced(note, _LEGEND_WIDTH, _SMALL, lines=6)]
            for note in legend_notes(drawn)
        ]
        legend.node("legend", label=_columns(blocks, lies.direction), shape="plain", **{"class": "legend"})
        _stack(legend, samples, lies.samples_abreast)
        for sample in samples[-lies.samples_abreast :]:
            legend.edge(sample, "legend", style="invis")
    # Invisible and weightless arrows keep the legend behind everything else without bending the picture.
    for end in (*lies.ends, *lies.loose[-lies.boxes_abreast :]):
        for sample in samples[:1] or ["legend"]:
            graph.edge(end, sample, style="invis", weight="0")


def _stack(graph: graphviz.Digraph, names: Sequence[str], abreast: int) -> None:
    for before, after in zip(names, names[abreast:], strict=False):
        graph.edge(before, after, style="invis")


def _shields(drawn: Sketch) -> list[tuple[bool, str]]:
    """Return the samples of shields that the legend shows: whether one holds, and its caption."""
    kinds = {gate.holds for gate in drawn.gates().values()}
    captions = {True: "Controls", False: "None verified"}
    return [(holds, caption) for holds, caption in captions.items() if holds in kinds]


def legend_notes(drawn: Sketch) -> list[str]:
    """Return the sentences that explain the signs used in this picture, and only those."""
    bases = {line.basis for line in drawn.lines}
    marked = any(code.endswith("!") for line in drawn.lines for code in line.guards)
    notes = [drawn.reading if drawn.lines else "", "" if drawn.boxes else "There is nothing to draw."]
    if any(box.focus for box in drawn.boxes):
        notes.append("Double outline: where the question starts.")
    if bases - {None}:
        notes.append("Per cent on an arrow: the chance that it passes harm on.")
    if "default" in bases:
        notes.append("Dashed: the chance is the default of its kind, nobody assessed it.")
    if "unknown" in bases:
        notes.append("Dotted, with a question mark: chance not known; taken as certain.")
    if any(line.guards for line in drawn.lines):
        notes.append("Shield: what leaves the box passes only where all its controls fail.")
    notes += [f"{guard.code}: {guard.label}" for guard in drawn.guards if _used(guard, drawn)]
    if any(code.startswith("+") for line in drawn.lines for code in line.guards):
        notes.append("+1, +2 …: that many more controls, not named here.")
    if marked:
        notes.append("!: no evidence that counts today, so not relied upon.")
    if any(box.detail.startswith("needs") for box in drawn.boxes):
        notes.append("Needs … arrows: harmed only when at least so many bring harm.")
    return [note for note in notes if note]


def _used(guard: Guard, drawn: Sketch) -> bool:
    return any(code.rstrip("!") == guard.code for line in drawn.lines for code in line.guards)


def _table(rows: list[str]) -> str:
    body = "".join(f"<TR>{row}</TR>" for row in rows)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{body}</TABLE>>'


def _columns(blocks: list[list[str]], direction: Direction) -> str:
    """Return the notes side by side, in columns of about equal height; a note is never split."""
    total = sum(map(len, blocks))
    tallest = max(8, -(-total // 3)) if direction == "TB" else max(24, total)
    columns: list[list[str]] = [[]]
    for block in blocks:
        if columns[-1] and len(columns[-1]) + len(block) > tallest:
            columns.append([])
        columns[-1] += block
    rows = max(map(len, columns))
    blank = _cell(" ", _SMALL)
    filled = [column + [blank] * (rows - len(column)) for column in columns]
    return _table(['<TD WIDTH="14"></TD>'.join(cells) for cells in zip(*filled, strict=True)] or [blank])


def _lid(points: float) -> list[str]:
    return [f'<TD FIXEDSIZE="TRUE" WIDTH="1" HEIGHT="{points:g}"></TD>'] if points else []


def _cell(text: str, size: float, *, bold: bool = False, align: str = "LEFT", ink: str = LIGHT.text) -> str:
    width, height = text_width(text, size, bold=bold), size * _LEADING
    inner = f'<FONT POINT-SIZE="{size:g}" COLOR="{ink}">{_markup(text)}</FONT>'
    inner = f"<B>{inner}</B>" if bold else inner
    # Without this break Graphviz centres the text on the width that it guesses before it has the font.
    inner += '<BR ALIGN="LEFT"/>' if align == "LEFT" else ""
    place = f'FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{height:.0f}"'
    return f'<TD ALIGN="{align}" BGCOLOR="{_SEE_THROUGH}" {place}>{inner}</TD>'


def _markup(text: str) -> str:
    # Graphviz reads &amp; and friends first and backslash sequences after that, so both are escaped.
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return escaped.replace("\\", "\\\\")


def _inches(points: float) -> str:
    return f"{points / _POINTS_PER_INCH:.2f}"
