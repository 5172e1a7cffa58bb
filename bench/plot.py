"""Draws measured points on two logarithmic scales, with the line of equal cost per piece through the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def line_plot(file: Path, points: Sequence[tuple[float, float]], *, title: str, across: str, up: str) -> None:
    """Write the points as a picture in the format that the file's name says."""
    mpl.rcParams["svg.hashsalt"] = "aimsgraph"  # the same points give the same file
    mpl.rcParams["svg.fonttype"] = "none"
    xs, ys = zip(*sorted(points), strict=True)
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    axes.loglog(
        xs, [x * ys[-1] / xs[-1] for x in xs], linestyle="--", color="0.6", label="cost in proportion"
    )
    axes.loglog(xs, ys, marker="o", label="measured")
    for x, y in zip(xs, ys, strict=True):
        axes.annotate(f"{y:.3g}", (x, y), textcoords="offset points", xytext=(7, -11))
    axes.set(title=title, xlabel=across, ylabel=up)
    axes.grid(visible=True, which="major", color="0.9")
    axes.legend()
    figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)
    plt.close(figure)
