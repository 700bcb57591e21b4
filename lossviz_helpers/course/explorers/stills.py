"""Still pictures of an explorer's panels, for where scripts don't run."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from ...objective import Objective
from ...plots import CLASSES, COLOURS, PATH, PREDICTED, prediction_grid
from ...plots.colours import colour_norm
from ...widgets.panel import COLOUR_MAPS

COLOUR = {"path": PATH, "blue": CLASSES[0], "orange": CLASSES[1], "ink": "0.1", "muted": "0.5"}
MARKER = {"start": "o", "end": "*", "dot": "o", "square": "s", "diamond": "D", "cross": "x"}
SIDE = 4.2  # inches of a panel, across
HEIGHT = 3.9
MOST = 4  # panels side by side
GRID = 60  # predictions along each side of the square of inputs
WIDEST = 5.4  # of one alone


def still_of(panels: Sequence[dict[str, Any]]) -> Figure:
    """Panels side by side.

    Args:
        panels: of each, what a `Panel` has by the same names; lines and marks have x and y instead
            of points, and the picture is an array of shape (up, across).

    >>> still_of([{"title": "a line", "extent": ((0, 1), (0, 1)), "labels": ("x", "y")}]).axes
    [<Axes: title={'center': 'a line'}, xlabel='x', ylabel='y'>]
    """
    across = min(len(panels), MOST)
    down = -(-len(panels) // across)
    size = (max(SIDE * across, WIDEST), HEIGHT * down)
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots(down, across, squeeze=False).flatten()
    for ax, panel in zip(axes, panels, strict=False):
        _draw(ax, panel)
    for ax in axes[len(panels) :]:
        ax.remove()
    return figure


def predictions_panel(L: Objective, theta: Tensor, title: str) -> dict[str, Any]:
    """What a model predicts over the square of inputs, as a panel for `still_of`."""
    return {
        "title": title,
        "labels": ("x₁", "x₂"),
        "extent": ((0, 1), (0, 1)),
        "picture": prediction_grid(L, theta, GRID).T,
        "limits": PREDICTED,
        "colours": "predictions",
        "levels": [0.5],
    }


def _draw(ax: Axes, panel: dict[str, Any]) -> None:
    (left, right), (low, high) = panel["extent"]
    below, beside = panel["labels"]
    ax.set(title=panel["title"], xlabel=below, ylabel=beside, xlim=(left, right), ylim=(low, high))
    if (picture := panel.get("picture")) is not None:
        cmap = COLOUR_MAPS[panel.get("colours", "loss")] if "colours" in panel else COLOURS
        norm = colour_norm(picture, panel.get("log", False), panel["limits"])
        corners = (left, right, low, high)
        ax.imshow(
            picture, cmap, norm, aspect="auto", interpolation="bilinear", origin="lower",
            extent=corners,
        )  # fmt: skip
        if levels := panel.get("levels"):
            height, width = picture.shape
            across, up = np.linspace(left, right, width), np.linspace(low, high, height)
            ax.contour(across, up, picture, levels=levels, colors="k", linewidths=1.6)
    for line in panel.get("lines", ()):
        colour = COLOUR.get(line["colour"], line["colour"])
        style = "--" if line["dash"] else "-"
        ax.plot(
            line["x"], line["y"], style, color=colour, linewidth=0.8 * line["width"],
            label=line["label"] or None,
        )  # fmt: skip
    for mark in panel.get("marks", ()):
        colour = COLOUR.get(mark["colour"], mark["colour"])
        size = 1.4 * mark["size"]
        face = "white" if mark["kind"] == "start" else colour
        ax.plot(
            mark["x"], mark["y"], MARKER[mark["kind"]], color=colour, markersize=size,
            markerfacecolor=face, label=mark["label"] or None,
        )  # fmt: skip
    if ax.get_legend_handles_labels()[0]:
        ax.legend(loc="best", fontsize="small")
